"""What the tenth attack found: dates that stand for another date."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from flask import Flask

from tests.api import Api
from tests.attacks.conftest import Machines
from tests.attacks.test_late_callbacks import (
    AGREED_FOR,
    EARLIER,
    LATER,
    MONDAY,
    PHONE,
    agree,
    lift,
    tell,
)
from tests.conftest import Clock
from tests.consenting import consented, set_policy
from tests.importing import Imports
from tests.web.console.browser import STOP, Browser

EMAIL = "jean.dupont@example.fr"


def test_a_time_agreed_before_a_stop_that_was_told_after_it_does_not_come_back(
    french_api: Api, clock: Clock
) -> None:
    """Agreed at 8:30, told at 9:30; the stop of 9:10 was told at 9:35, and lifted later."""
    clock.now = MONDAY
    assert agree(french_api, EARLIER) == 200
    clock.turn(minutes=5)
    assert tell(french_api, "stop", LATER) == 200
    clock.turn(minutes=5)
    lift(french_api)
    clock.now = AGREED_FOR
    assert french_api.decision("telephone", PHONE) == "deny"


def test_an_address_of_a_second_letter_is_stopped_by_the_date_of_that_letter(
    clerk: Browser, api: Api, clock: Clock
) -> None:
    """A consent between two letters does not outlive what the second one says."""
    clock.now = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    slip = "jean.dupont@@example"
    clerk.seen.add(slip)
    letter = STOP | {"channels": ["telephone", "email"], "emails": slip}
    clerk.post("/okwind/record", letter | {"received_on": "2026-11-10"})
    first = clerk.reference()
    consented(api, "email", EMAIL, given_at="2026-11-15T10:00:00Z")
    clock.turn(minutes=5)
    clerk.post("/okwind/record", letter | {"received_on": "2026-11-20"})
    assert clerk.reference() == first
    clock.turn(minutes=5)
    assert clerk.post(f"/okwind/record/{first}", {"emails": EMAIL}).status_code == 200
    assert "In force from now on" in clerk.text
    clock.turn(minutes=5)
    assert api.decision("email", EMAIL) == "deny"


def test_a_silence_asked_for_by_hash_lasts_for_its_last_day_wherever_the_person_is(
    app: Flask, api: Api, clock: Clock
) -> None:
    """A hash does not tell the place: 2 o'clock of the 21st in Réunion is still the 20th in UTC."""
    set_policy(app, "okwind", "telephone.marketing.silence_days=60")
    number = "+262692123456"
    clock.now = datetime(2026, 11, 20, 22, tzinfo=UTC)
    told = {"identifier": number, "outcome": "refused"}
    assert api.post("/v1/outcomes", told).status_code == 200
    clock.now = datetime(2027, 1, 20, 1, tzinfo=UTC)  # the sixtieth day in Réunion, at 5 o'clock
    assert api.codes("telephone", number) == ["refused"]
    digest = hashlib.sha256(number.encode()).hexdigest()
    body = {"channel": "telephone", "sha256": digest}
    assert api.post("/v1/checks", body).get_json()["decision"] != "allow"


def test_a_time_agreed_before_the_clock_was_set_back_yields_to_a_file_without_dates(
    app: Flask, french_api: Api, clock: Clock
) -> None:
    """The file's stop is lifted; what was agreed to before the file came counts no more."""
    clock.now = MONDAY + timedelta(hours=1)
    assert agree(french_api, None) == 200
    clock.now = MONDAY
    imports = Imports(app, "okonect")
    imports.apply(f"phone\n{PHONE}\n", channels="telephone")
    assert "imported" in french_api.codes("telephone", PHONE)
    lifted = french_api.release("phone", PHONE, channels=["telephone"], reasons=["imported"])
    assert len(lifted.get_json()["released"]) == 1
    clock.now = AGREED_FOR
    assert french_api.decision("telephone", PHONE) == "deny"


def test_a_release_sent_again_through_a_fast_machine_lifts_no_newer_stop(
    machines: Machines,
) -> None:
    """A kept answer is over by the earlier clock, as decision 60 says of all that is forgotten."""
    here, fast = machines(), machines(days=3)
    here.stop("email", EMAIL)
    body = {
        "identifiers": [{"kind": "email", "value": EMAIL}],
        "channels": "all",
        "reasons": ["objection"],
        "why": "person_asked",
    }
    key = {"headers": {"Idempotency-Key": "lift-1"}}
    assert here.post("/v1/suppressions/release", body, **key).status_code == 200
    here.stop("email", EMAIL)
    assert fast.post("/v1/suppressions/release", body, **key).status_code == 200
    assert "objection" in here.codes("email", EMAIL)
