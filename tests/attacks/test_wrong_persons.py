"""After a call reached a wrong person, no older consent counts for the number, for any purpose.

The attack: a call reaches a wrong person, and the dialer reports it. Then a queued form arrives,
with the former owner's older consent to sharing the number.
"""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.attacks.test_late_callbacks import MONDAY
from tests.conftest import Clock
from tests.consenting import consented, on_record, states

PHONE = "+33612345678"
SHARING = {"channels": None, "purpose": "sharing"}
BEFORE, AFTER = "2026-11-20T10:00:00Z", "2026-11-23T09:31:00Z"
LIFTED = [None, "person_asked", "reassigned"]


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.now = MONDAY


def _tell(api: Api, clock: Clock, how: str, why: str | None) -> None:
    """Report the wrong person by a call or a stop, and release that stop if `why` is given."""
    if how == "call":
        api.post("/v1/outcomes", {"identifier": PHONE, "outcome": "wrong_person"})
    else:
        api.stop("phone", PHONE, channels=["telephone"], reason="undeliverable")
    clock.turn(minutes=2)
    if why:
        channels = "all" if how == "call" else ["telephone"]
        lifted = api.release("phone", PHONE, channels=channels, reasons=["undeliverable"], why=why)
        assert lifted.get_json()["released"]
    clock.turn(minutes=2)


def _shared(api: Api) -> str:
    return api.decision(None, PHONE, kind="phone", purpose="sharing")


@pytest.mark.parametrize("how", ["call", "suppression"])
@pytest.mark.parametrize("why", LIFTED)
def test_an_older_consent_to_sharing_that_is_told_late_counts_no_more(
    french_api: Api, clock: Clock, how: str, why: str | None
) -> None:
    _tell(french_api, clock, how, why)
    (result,) = consented(french_api, "phone", PHONE, given_at=BEFORE, **SHARING)
    assert result["outcome"] == "created"
    assert _shared(french_api) == "deny"
    assert states(french_api, "phone", PHONE) == ["stop_released" if why else "wrong_person"]


@pytest.mark.parametrize("why", ["person_asked", "reassigned"])
def test_nor_does_one_that_was_on_record(french_api: Api, clock: Clock, why: str) -> None:
    consented(french_api, "phone", PHONE, given_at=BEFORE, **SHARING)
    assert _shared(french_api) == "allow"
    _tell(french_api, clock, "suppression", why)
    assert _shared(french_api) == "deny"


@pytest.mark.parametrize("how", ["call", "suppression"])
@pytest.mark.parametrize("why", LIFTED[:2])
def test_a_newer_one_counts(french_api: Api, clock: Clock, how: str, why: str | None) -> None:
    _tell(french_api, clock, how, why)
    consented(french_api, "phone", PHONE, given_at=AFTER, **SHARING)
    assert _shared(french_api) == "allow"


def test_a_mistake_voids_nothing(french_api: Api, clock: Clock) -> None:
    _tell(french_api, clock, "call", "mistake")
    consented(french_api, "phone", PHONE, given_at=BEFORE, **SHARING)
    assert _shared(french_api) == "allow"


def test_an_address_that_bounced_leaves_none_once_it_is_lifted(
    french_api: Api, clock: Clock
) -> None:
    email = "jean@example.fr"
    consented(french_api, "email", email, given_at=BEFORE, **SHARING)
    french_api.stop("email", email, reason="undeliverable")
    clock.turn(minutes=2)
    french_api.release("email", email, channels="all", reasons=["undeliverable"])
    assert french_api.decision(None, email, kind="email", purpose="sharing") == "deny"
    assert [shown["state"] for shown in on_record(french_api, "email", email)] == ["stop_released"]
