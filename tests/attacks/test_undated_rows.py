"""An imported stop without a date counts as newer than what is on record, as any other stop does.

The attack: a consent is recorded, the database's clock is set back by an hour, and a file of stops
without dates is uploaded. An hour later the consent was the newer of the two, and lifted the stops.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.attacks.test_clocks_set_back import consent_and_set_back
from tests.conftest import Clock
from tests.consenting import consented
from tests.importing import Imports

EMAIL, OTHER = "jean.dupont@gmail.com", "jeandupont+shop@gmail.com"
FILES = {
    "no date": f"email\n{EMAIL}\n",
    "an empty date": f"email;occurred_at\n{EMAIL};\n",
    "today": f"email;occurred_at\n{EMAIL};21/11/2026\n",
}


@pytest.mark.parametrize("person", [EMAIL, OTHER], ids=["the same writing", "another writing"])
@pytest.mark.parametrize("how", FILES)
def test_a_consent_from_before_the_clock_was_set_back_lifts_none_of_them(
    french_api: Api, clock: Clock, how: str, person: str
) -> None:
    imports = Imports(french_api.app, "okonect")
    consent_and_set_back(french_api, clock, "email", person)
    imports.apply(FILES[how], reason="unsubscribe")
    for _ in range(3):
        assert french_api.codes("email", person)[0] == "unsubscribe"
        clock.turn(hours=1)


def test_a_consent_that_is_given_later_lifts_them(french_api: Api, clock: Clock) -> None:
    Imports(french_api.app, "okonect").apply(FILES["no date"], reason="unsubscribe")
    clock.turn(hours=1)
    consented(french_api, "email", EMAIL, given_at=to_rfc3339(clock.now - timedelta(minutes=1)))
    assert french_api.decision("email", EMAIL) == "allow"
