"""The outcomes of calls that dialers report change later checks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.vocabulary import ApiScope
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api, make_key
from tests.conftest import Clock
from tests.consenting import consented, on_record, states

PHONE = "+33612345678"
REUNION = "0692 12 34 56"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CUSTOMER = {"basis": "contract"}


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


def test_a_refusal_starts_sixty_days_of_silence(french_api: Api, clock: Clock) -> None:
    told = french_api.post("/v1/outcomes", {"identifier": PHONE, "outcome": "refused"})
    assert told.status_code == 200
    denied = french_api.check("telephone", PHONE, **CUSTOMER)
    assert denied["reasons"] == [{"code": "refused", "since": to_rfc3339(MONDAY)}]
    # 60 whole days after 23 November end with 22 January, a Friday; then comes the weekend.
    assert denied["retry_at"] == "2027-01-25T09:00:00Z"
    clock.now = datetime(2027, 1, 22, 18, 59, tzinfo=UTC)
    assert french_api.decision("telephone", PHONE, **CUSTOMER) == "deny"


def test_a_stop_on_the_telephone_is_a_suppression_of_calls(french_api: Api) -> None:
    told = french_api.post("/v1/outcomes", {"identifier": PHONE, "outcome": "stop"}).get_json()
    assert [result["channel"] for result in told["results"]] == ["telephone"]
    assert french_api.codes("telephone", PHONE, **CUSTOMER) == ["objection"]
    assert french_api.decision("sms", PHONE, basis="customer") == "allow"


def test_a_stop_of_everything_stops_sms_too(french_api: Api) -> None:
    body = {"identifier": PHONE, "outcome": "stop", "channels": "all"}
    french_api.post("/v1/outcomes", body)
    assert french_api.codes("sms", PHONE, basis="customer") == ["objection"]


def test_a_wrong_person_is_reached_no_more_and_not_for_service_either(french_api: Api) -> None:
    told = french_api.post("/v1/outcomes", {"identifier": PHONE, "outcome": "wrong_person"})
    assert [result["outcome"] for result in told.get_json()["results"]] == ["created", "created"]
    for channel in ("telephone", "sms"):
        assert french_api.codes(channel, PHONE, purpose="service") == ["undeliverable"]
    assert "expires_at" not in french_api.search("phone", PHONE)["in_force"][0]


def test_a_callback_allows_the_agreed_time_even_on_a_sunday(french_api: Api, clock: Clock) -> None:
    sunday = "2026-11-29T18:00:00Z"
    body = {"identifier": PHONE, "outcome": "callback", "callback_at": sunday}
    assert french_api.post("/v1/outcomes", body).status_code == 200
    before = french_api.check("telephone", PHONE)
    assert (before["decision"], before["retry_at"]) == ("deny", sunday)
    clock.now = datetime(2026, 11, 29, 18, tzinfo=UTC)
    answer = french_api.check("telephone", PHONE)
    assert (answer["decision"], answer["basis"]) == ("allow", "appointment")
    assert answer["valid_until"] == "2026-11-29T18:15:00Z"
    clock.turn(minutes=15)
    assert french_api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize("last", ["refused", "callback"])
def test_the_last_word_replaces_a_time_agreed_to_before(
    french_api: Api, clock: Clock, last: str
) -> None:
    agreed = MONDAY + timedelta(days=1)
    for outcome, callback_at in (("callback", agreed), (last, agreed + timedelta(days=1))):
        body = {"identifier": PHONE, "outcome": outcome}
        if outcome == "callback":
            body["callback_at"] = to_rfc3339(callback_at)
        french_api.post("/v1/outcomes", body)
    clock.now = agreed
    assert french_api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize(
    ("outcome", "reason"), [("stop", "objection"), ("wrong_person", "undeliverable")]
)
@pytest.mark.parametrize("why", ["person_asked", "mistake"])
def test_lifting_a_stop_revives_no_time_agreed_to_before_it(
    french_api: Api, clock: Clock, outcome: str, reason: str, why: str
) -> None:
    agreed = MONDAY + timedelta(days=6)
    body = {"identifier": PHONE, "outcome": "callback", "callback_at": to_rfc3339(agreed)}
    french_api.post("/v1/outcomes", body)
    french_api.post("/v1/outcomes", {"identifier": PHONE, "outcome": outcome})
    french_api.release("phone", PHONE, channels=["telephone"], reasons=[reason], why=why)
    clock.now = agreed
    by_mistake = (outcome, why) == ("stop", "mistake")
    assert french_api.decision("telephone", PHONE) == ("allow" if by_mistake else "deny")


def test_a_time_agreed_to_after_a_stop_counts_once_the_stop_is_lifted(
    french_api: Api, clock: Clock
) -> None:
    french_api.post("/v1/outcomes", {"identifier": PHONE, "outcome": "stop"})
    clock.turn(hours=1)
    agreed = MONDAY + timedelta(days=6)
    body = {"identifier": PHONE, "outcome": "callback", "callback_at": to_rfc3339(agreed)}
    french_api.post("/v1/outcomes", body)
    french_api.release("phone", PHONE, channels=["telephone"], reasons=["objection"])
    clock.now = agreed
    assert french_api.decision("telephone", PHONE) == "allow"


@pytest.mark.usefixtures("french_api")
def test_a_callback_needs_the_scope_that_stating_a_basis_needs(app: Flask, seen: set[str]) -> None:
    with app.app_context():
        controller = find_controller("okonect")
    dialer = Api(app, make_key(app, controller, [ApiScope.CHECK, ApiScope.SUPPRESS]), seen)
    callback = {"outcome": "callback", "callback_at": "2026-11-24T18:00:00Z"}
    assert dialer.post("/v1/outcomes", {"identifier": PHONE, **callback}).status_code == 403
    assert dialer.post("/v1/outcomes", {"identifier": PHONE, "outcome": "stop"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"outcome": "callback"}, "/callback_at"),
        ({"outcome": "callback", "callback_at": "2026-11-23T09:30:00Z"}, "/callback_at"),
        ({"outcome": "callback", "callback_at": "2028-01-01T09:30:00Z"}, "/callback_at"),
        ({"outcome": "stop", "callback_at": "2026-11-24T09:30:00Z"}, "/callback_at"),
        ({"outcome": "stop", "channels": ["email"]}, "/channels"),
        ({"outcome": "refused", "channels": ["sms"]}, "/channels"),
        ({"outcome": "refused", "ref": "0612345678"}, "/ref"),
        ({"outcome": "refused", "identifier": "no number"}, "/identifier"),
    ],
)
def test_an_outcome_that_cannot_be_says_what_to_change(
    french_api: Api, body: dict[str, object], pointer: str
) -> None:
    refused = french_api.post("/v1/outcomes", {"identifier": PHONE} | body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == [pointer]


def test_the_sandbox_stores_neither_attempts_nor_outcomes(french_api: Api) -> None:
    allowed = "+33199000002"
    french_api.post("/v1/outcomes", {"identifier": allowed, "outcome": "stop"})
    assert french_api.post("/v1/attempts", {"identifier": allowed}).get_json()["counted"] == 0
    assert french_api.check("telephone", allowed, reserve=True)["decision"] == "allow"


def test_an_outcome_sent_again_gets_the_same_reference(french_api: Api) -> None:
    headers = {"Idempotency-Key": "outcome-1"}
    body = {"identifier": PHONE, "outcome": "refused"}
    first = french_api.post("/v1/outcomes", body, headers=headers).get_json()
    assert french_api.post("/v1/outcomes", body, headers=headers).get_json() == first


@pytest.mark.parametrize(("outcome", "status"), [("stop", 200), ("refused", 422)])
def test_a_partners_hash_is_taken_for_a_stop_alone(
    french_api: Api, outcome: str, status: int
) -> None:
    digest = sha256(PHONE.removeprefix("+").encode()).hexdigest()
    body = {"sha256": digest, "scheme": "meta-phone", "outcome": outcome}
    assert french_api.post("/v1/outcomes", body).status_code == status
    if outcome == "stop":
        assert french_api.codes("telephone", PHONE, **CUSTOMER) == ["objection"]


def test_a_stop_of_a_clock_that_runs_ahead_is_one_of_now(french_api: Api) -> None:
    body = {"identifier": PHONE, "outcome": "stop", "occurred_at": "2026-11-23T10:30:00Z"}
    told = french_api.post("/v1/outcomes", body).get_json()
    assert told["results"][0]["since"] == to_rfc3339(MONDAY)


def test_a_wrong_person_told_late_ends_no_consent_given_since(french_api: Api) -> None:
    answered = MONDAY - timedelta(days=2)
    for days in (3, 2, 1):
        given = to_rfc3339(MONDAY - timedelta(days=days))
        consented(french_api, "phone", PHONE, channels=["telephone"], given_at=given)
    body = {"identifier": PHONE, "outcome": "wrong_person", "occurred_at": to_rfc3339(answered)}
    told = french_api.post("/v1/outcomes", body).get_json()
    assert told["consents_ended"] == 2
    assert sorted(states(french_api, "phone", PHONE)) == ["in_force", *["wrong_person"] * 2]
    for consent in on_record(french_api, "phone", PHONE):
        assert consent.get("ended_at", consent["given_at"]) >= consent["given_at"]
    assert french_api.codes("telephone", PHONE) == ["undeliverable"]


@pytest.mark.parametrize("ahead", [None, 2], ids=["undated", "ahead"])
def test_a_wrong_person_told_at_once_ends_every_consent(
    french_api: Api, clock: Clock, ahead: int | None
) -> None:
    consented(french_api, "phone", PHONE, given_at=to_rfc3339(clock.now))
    body = {"identifier": PHONE, "outcome": "wrong_person"}
    if ahead:
        body["occurred_at"] = to_rfc3339(clock.now + timedelta(minutes=ahead))
    assert french_api.post("/v1/outcomes", body).get_json()["consents_ended"] == 2
    assert states(french_api, "phone", PHONE) == ["wrong_person"] * 2
