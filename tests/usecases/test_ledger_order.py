"""What came second is recorded second, whatever the doors' clocks said."""

from __future__ import annotations

from tests.api import Api
from tests.conftest import Clock

EMAIL = "jean.dupont@example.fr"


def test_a_stop_that_waited_behind_a_release_is_recorded_after_it(api: Api, clock: Clock) -> None:
    api.stop("email", EMAIL)
    clock.turn(seconds=2)
    api.release("email", EMAIL, channels=["email"], reasons=["objection"])
    clock.turn(seconds=-1)
    assert api.stop("email", EMAIL).status_code == 201
    assert api.decision("email", EMAIL) == "deny"
    assert [one["type"] for one in api.search("email", EMAIL)["history"]] == [
        "stop",
        "release",
        "stop",
    ]
