"""After a call reached a wrong person, no older consent to share the number counts, by any hash.

The attack: a dialer that knows a partner's hash of the number alone reports the wrong person. No
consent is found by that hash, so the former holder's consent to sharing still allowed it.
"""

from __future__ import annotations

import hashlib

import pytest

from tests.api import Api
from tests.attacks.test_late_callbacks import MONDAY
from tests.conftest import Clock
from tests.consenting import consented, states

PHONE = "+33612345678"
BEFORE, AFTER = "2026-11-20T10:00:00Z", "2026-11-23T09:31:00Z"
SHARING = {"channels": None, "purpose": "sharing"}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


TOLD: dict[str, dict[str, str]] = {
    "number": {"identifier": PHONE},
    "plain": {"sha256": _sha256(PHONE)},
    "meta-phone": {"sha256": _sha256(PHONE[1:]), "scheme": "meta-phone"},
}


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.now = MONDAY


def _report(api: Api, clock: Clock, how: str) -> None:
    told = api.post("/v1/outcomes", {**TOLD[how], "outcome": "wrong_person"})
    assert told.status_code == 200
    clock.turn(minutes=2)


def _shared(api: Api) -> str:
    return api.decision(None, PHONE, kind="phone", purpose="sharing")


@pytest.mark.parametrize("how", TOLD)
def test_an_older_consent_to_sharing_allows_no_more(
    french_api: Api, clock: Clock, how: str
) -> None:
    consented(french_api, "phone", PHONE, given_at=BEFORE, **SHARING)
    assert _shared(french_api) == "allow"
    _report(french_api, clock, how)
    assert _shared(french_api) == "deny"
    assert states(french_api, "phone", PHONE) == ["wrong_person"]


def test_a_newer_consent_allows(french_api: Api, clock: Clock) -> None:
    _report(french_api, clock, "meta-phone")
    consented(french_api, "phone", PHONE, given_at=AFTER, **SHARING)
    assert _shared(french_api) == "allow"


@pytest.mark.parametrize(("why", "decision"), [("mistake", "allow"), ("reassigned", "deny")])
def test_once_it_is_lifted_the_older_consent_counts_only_after_a_mistake(
    french_api: Api, clock: Clock, why: str, decision: str
) -> None:
    consented(french_api, "phone", PHONE, given_at=BEFORE, **SHARING)
    _report(french_api, clock, "meta-phone")
    named = {"kind": "phone", **TOLD["meta-phone"]}
    body = {"identifiers": [named], "reasons": ["undeliverable"], "channels": "all", "why": why}
    assert french_api.post("/v1/suppressions/release", body).get_json()["released"]
    clock.turn(minutes=2)
    assert _shared(french_api) == decision
