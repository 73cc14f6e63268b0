"""No consent of the former owner counts for a reassigned number, on any channel.

The attack: a caller learns that the number has a new owner, and the stop of calls is released as
`reassigned`. The former owner's consent to text messages then allowed them to the new owner.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.usecases.releases import release as releasing
from tests.api import Api
from tests.attacks.test_late_callbacks import MONDAY
from tests.conftest import Clock
from tests.consenting import consented, states

PHONE = "+33612345678"
BEFORE = "2026-11-20T10:00:00Z"
SMS = {"channels": ["sms"]}
SHARING = {"channels": None, "purpose": "sharing"}


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.now = MONDAY  # a working hour: no text is denied for its time


def _reassigned(api: Api, clock: Clock) -> None:
    clock.turn(minutes=1)
    api.stop("phone", PHONE, channels=["telephone"])
    clock.turn(minutes=1)
    chosen = {"channels": ["telephone"], "reasons": ["objection"], "why": "reassigned"}
    assert api.release("phone", PHONE, **chosen).get_json()["released"]
    clock.turn(minutes=1)


def _allowed(api: Api) -> list[str]:
    shared = api.decision(None, PHONE, kind="phone", purpose="sharing")
    return [api.decision("sms", PHONE), shared]


@pytest.mark.parametrize("late", [False, True])
def test_none_counts_on_another_channel_or_purpose(
    french_api: Api, clock: Clock, *, late: bool
) -> None:
    for turn in (False, True):
        if turn == late:
            for fields in (SMS, SHARING):
                consented(french_api, "phone", PHONE, given_at=BEFORE, **fields)
            assert late or _allowed(french_api) == ["allow", "allow"]
        if not turn:
            _reassigned(french_api, clock)
    assert _allowed(french_api) == ["deny", "deny"]
    assert set(states(french_api, "phone", PHONE)) == {"stop_released"}


def test_nor_once_the_new_owner_has_objected_and_changed_their_mind(
    french_api: Api, clock: Clock
) -> None:
    """A new stop of the number reused the row, and the consents that the row had voided counted."""
    _reassigned(french_api, clock)
    french_api.stop("phone", PHONE, channels=["telephone"])
    clock.turn(minutes=1)
    consented(french_api, "phone", PHONE, given_at=BEFORE, **SMS)
    assert french_api.decision("sms", PHONE) == "deny"
    french_api.release("phone", PHONE, channels=["telephone"], reasons=["objection"])
    assert french_api.decision("sms", PHONE) == "deny"


def test_what_the_new_owner_agrees_to_counts(french_api: Api, clock: Clock) -> None:
    _reassigned(french_api, clock)
    given_at = to_rfc3339(clock.now - timedelta(seconds=30))
    for fields in (SMS, SHARING):
        consented(french_api, "phone", PHONE, given_at=given_at, **fields)
    assert _allowed(french_api) == ["allow", "allow"]


def test_a_person_who_takes_back_a_stop_on_calls_keeps_the_consent_to_texts(
    french_api: Api, clock: Clock
) -> None:
    consented(french_api, "phone", PHONE, given_at=BEFORE, **SMS)
    french_api.stop("phone", PHONE, channels=["telephone"])
    clock.turn(minutes=1)
    french_api.release("phone", PHONE, channels=["telephone"], reasons=["objection"])
    assert french_api.decision("sms", PHONE) == "allow"


def test_the_document_of_a_consent_says_so_whatever_its_own_row_says(
    monkeypatch: pytest.MonkeyPatch, french_api: Api, clock: Clock
) -> None:
    """An earlier version did not end the consent to texts, so the consent's row says in force."""
    (taken,) = consented(french_api, "phone", PHONE, given_at=BEFORE, **SMS)
    monkeypatch.setattr(releasing, "end_outlived_consents", lambda *_: None)
    _reassigned(french_api, clock)
    body = {"consent_id": taken["consent_id"], "language": "en"}
    shown = french_api.post("/v1/consents/document", body).get_json()["text"]
    assert "withdrawn by an objection, closed on" in shown
    assert french_api.decision("sms", PHONE) == "deny"
