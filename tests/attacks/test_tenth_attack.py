"""Faults that the tenth attack found: events that counted by a wrong date."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.api import Api
from tests.attacks.conftest import Machines
from tests.conftest import Clock
from tests.consenting import consented, set_policy
from tests.databases import BACKENDS, SQLITE
from tests.web.console.browser import STOP, Browser

EMAIL = "jean.dupont@example.fr"


def test_an_address_of_a_second_letter_is_stopped_by_the_date_of_that_letter(
    clerk: Browser, api: Api, clock: Clock
) -> None:
    """A consent given between two letters is ended by the stop of the second letter."""
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
    """A hash does not tell the time zone: 2 a.m. of the 21st in Réunion is the 20th in UTC."""
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


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != SQLITE])
def test_a_release_sent_again_through_a_fast_machine_lifts_no_newer_stop(
    machines: Machines,
) -> None:
    """A stored answer expires only when both clocks say so; SQLite has only one clock."""
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
