"""If a consent is sent again with another end, the earlier end counts."""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented, on_record

EMAIL = "zoe.petit@example.fr"
EARLY, LATE = "2026-12-01T10:00:00Z", "2027-06-01T10:00:00Z"


def _told(api: Api, until: str | None) -> dict[str, object]:
    (result,) = consented(api, "email", EMAIL, channels=["email"], until=until)
    return result


@pytest.mark.parametrize(
    ("first", "second"), [(None, EARLY), (LATE, EARLY), (EARLY, LATE), (EARLY, None)]
)
def test_the_earlier_end_counts_whichever_was_told_first(
    french_api: Api, clock: Clock, first: str | None, second: str | None
) -> None:
    assert _told(french_api, first)["outcome"] == "created"
    again = _told(french_api, second)
    assert (again["outcome"], again["until"]) == ("already", EARLY)
    assert [consent["ends_at"] for consent in on_record(french_api, "email", EMAIL)] == [EARLY]
    assert french_api.decision("email", EMAIL) == "allow"
    clock.turn(days=30)
    assert french_api.decision("email", EMAIL) == "deny"
