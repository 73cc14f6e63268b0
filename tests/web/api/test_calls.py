"""Attempts, reservations and planned calls, as dialers report and request them."""

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
from tests.policies import set_policies

PHONE = "+33612345678"
REUNION = "0692 12 34 56"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CUSTOMER = {"basis": "contract"}


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


def test_four_attempts_in_thirty_days_and_no_fifth(french_api: Api, clock: Clock) -> None:
    for counted in range(1, 5):
        assert french_api.decision("telephone", PHONE, **CUSTOMER) == "allow"
        answer = french_api.post("/v1/attempts", {"identifier": PHONE})
        assert (answer.status_code, answer.get_json()["counted"]) == (201, counted)
        assert answer.get_json()["limit"] == 4
        clock.turn(days=1)
    denied = french_api.check("telephone", PHONE, **CUSTOMER)
    assert denied["reasons"] == [{"code": "attempts_exhausted", "since": to_rfc3339(MONDAY)}]
    # The first counts to the end of the 30th day after it, 2026-12-23.
    assert denied["retry_at"] == "2026-12-24T09:00:00Z"
    clock.now = datetime(2026, 12, 24, 9, tzinfo=UTC)
    assert french_api.decision("telephone", PHONE, **CUSTOMER) == "allow"


def test_an_attempt_too_many_is_recorded_too(french_api: Api) -> None:
    counts = [
        french_api.post("/v1/attempts", {"identifier": PHONE}).get_json()["counted"]
        for _ in range(6)
    ]
    assert counts == [1, 2, 3, 4, 5, 6]


def test_attempts_of_any_spelling_count_together_and_for_this_controller_alone(
    french_api: Api, api: Api, app: Flask
) -> None:
    set_policies(app, "okwind", "telephone.marketing.attempts=1")
    french_api.post("/v1/attempts", {"identifier": "06 12 34 56 78"})
    answer = french_api.post("/v1/attempts", {"identifier": "0033612345678"}).get_json()
    assert answer["counted"] == 2
    assert api.decision("telephone", PHONE) == "allow"


def test_attempts_say_nothing_about_sms(french_api: Api) -> None:
    for _ in range(5):
        french_api.post("/v1/attempts", {"identifier": PHONE})
    assert french_api.decision("sms", PHONE, basis="customer") == "allow"


def test_a_reservation_counts_and_names_its_attempt(french_api: Api) -> None:
    answer = french_api.check("telephone", PHONE, reserve=True, **CUSTOMER)
    assert answer["decision"] == "allow"
    body = {"identifier": PHONE, "attempt_id": answer["attempt_id"]}
    again = french_api.post("/v1/attempts", body)
    assert (again.status_code, again.get_json()["counted"]) == (200, 1)
    for _ in range(3):
        assert "attempt_id" in french_api.check("telephone", PHONE, reserve=True, **CUSTOMER)
    denied = french_api.check("telephone", PHONE, reserve=True, **CUSTOMER)
    assert (denied["decision"], "attempt_id" in denied) == ("deny", False)


def test_a_denied_reservation_takes_nothing(french_api: Api) -> None:
    assert "attempt_id" not in french_api.check("telephone", PHONE, reserve=True)
    assert french_api.post("/v1/attempts", {"identifier": PHONE}).get_json()["counted"] == 1


def test_a_reservation_sent_again_gets_its_attempt_unless_a_stop_has_come(
    french_api: Api,
) -> None:
    body = {"channel": "telephone", "identifier": PHONE, "reserve": True, **CUSTOMER}
    headers = {"Idempotency-Key": "call-1"}
    first = french_api.post("/v1/checks", body, headers=headers)
    second = french_api.post("/v1/checks", body, headers=headers)
    assert second.get_json() == first.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"
    french_api.stop("phone", PHONE)
    third = french_api.post("/v1/checks", body, headers=headers).get_json()
    assert third["decision"] == "deny"


def test_a_reservation_with_the_key_of_another_one_is_told_as_the_contract_says(
    french_api: Api,
) -> None:
    body = {"channel": "telephone", "identifier": PHONE, "reserve": True, **CUSTOMER}
    headers = {"Idempotency-Key": "call-1"}
    french_api.post("/v1/checks", body, headers=headers)
    other = body | {"identifier": "+33612345679"}
    answer = french_api.post("/v1/checks", other, headers=headers)
    assert answer.status_code == 422
    assert answer.get_json()["type"] == "urn:suppression:problem:idempotency-key-reused"


def test_a_reservation_sent_again_after_a_refusal_is_denied(french_api: Api) -> None:
    body = {"channel": "telephone", "identifier": PHONE, "reserve": True, **CUSTOMER}
    headers = {"Idempotency-Key": "call-1"}
    french_api.post("/v1/checks", body, headers=headers)
    french_api.post("/v1/outcomes", {"identifier": PHONE, "outcome": "refused"})
    again = french_api.post("/v1/checks", body, headers=headers).get_json()
    assert [reason["code"] for reason in again["reasons"]] == ["refused"]


def test_a_reservation_for_an_agreed_time_sent_again_gets_its_attempt(
    french_api: Api, clock: Clock
) -> None:
    agreed = {"outcome": "callback", "callback_at": to_rfc3339(MONDAY + timedelta(minutes=10))}
    french_api.post("/v1/outcomes", {"identifier": PHONE, **agreed})
    clock.turn(minutes=10)
    body = {"channel": "telephone", "identifier": PHONE, "reserve": True}
    headers = {"Idempotency-Key": "call-1"}
    first = french_api.post("/v1/checks", body, headers=headers).get_json()
    assert first["decision"] == "allow"
    assert french_api.post("/v1/checks", body, headers=headers).get_json() == first


def test_a_reservation_sent_again_the_next_day_is_another_attempt(
    french_api: Api, clock: Clock
) -> None:
    body = {"channel": "telephone", "identifier": PHONE, "reserve": True, **CUSTOMER}
    headers = {"Idempotency-Key": "call-1"}
    attempts = set()
    for _ in range(4):
        attempts.add(french_api.post("/v1/checks", body, headers=headers).get_json()["attempt_id"])
        clock.turn(days=1)
    assert len(attempts) == 4
    fifth = french_api.post("/v1/checks", body, headers=headers).get_json()
    assert [reason["code"] for reason in fifth["reasons"]] == ["attempts_exhausted"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"channel": "sms"}, "/reserve"),
        ({"purpose": "service"}, "/reserve"),
        ({"at": "2026-11-24T10:00:00Z"}, "/at"),
    ],
)
def test_only_a_marketing_call_now_can_be_reserved(
    french_api: Api, fields: dict[str, str], pointer: str
) -> None:
    body = {"channel": "telephone", "identifier": PHONE, "reserve": True} | fields
    refused = french_api.post("/v1/checks", body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == [pointer]


def test_a_batch_reserves_nothing(french_api: Api) -> None:
    item = {"channel": "telephone", "identifier": PHONE, "reserve": True, **CUSTOMER}
    answer = french_api.post("/v1/checks/batch", {"items": [item]}).get_json()
    assert answer["results"][0]["reasons"] == [{"code": "invalid_item"}]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"attempt_id": "1"}, "/attempt_id"),
        ({"attempt_id": "00" * 16}, "/attempt_id"),
        ({"occurred_at": "2026-11-23T10:30:00Z"}, "/occurred_at"),
    ],
)
def test_an_attempt_that_cannot_be_says_what_to_change(
    french_api: Api, body: dict[str, object], pointer: str
) -> None:
    refused = french_api.post("/v1/attempts", {"identifier": PHONE} | body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == [pointer]


def test_a_number_overseas_is_called_by_its_own_clock(french_api: Api, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 6, tzinfo=UTC)  # 10:00 in Reunion, 07:00 in Paris
    assert french_api.decision("telephone", REUNION, **CUSTOMER) == "allow"
    denied = french_api.check("telephone", PHONE, **CUSTOMER)
    assert (denied["decision"], denied["retry_at"]) == ("deny", "2026-11-23T09:00:00Z")


def test_a_check_for_tomorrow_is_answered_for_tomorrow(french_api: Api) -> None:
    sunday = french_api.check("telephone", PHONE, at="2026-11-29T10:00:00Z", **CUSTOMER)
    assert [reason["code"] for reason in sunday["reasons"]] == ["outside_hours"]
    assert sunday["retry_at"] == "2026-11-30T09:00:00Z"
    assert sunday["checked_at"] == to_rfc3339(MONDAY)
    tomorrow = french_api.check("telephone", PHONE, at="2026-11-24T10:00:00Z", **CUSTOMER)
    assert (tomorrow["decision"], tomorrow["valid_until"]) == ("allow", "2026-11-23T10:30:00Z")


@pytest.mark.parametrize("at", ["2026-11-23T09:20:00Z", "2027-01-23T09:30:00Z"])
def test_the_past_and_the_far_future_cannot_be_asked(french_api: Api, at: str) -> None:
    body = {"channel": "telephone", "identifier": PHONE, "at": at}
    refused = french_api.post("/v1/checks", body)
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/at"]


def test_an_appointment_comes_with_its_time(french_api: Api) -> None:
    body = {"channel": "telephone", "identifier": PHONE, "basis": "appointment"}
    assert french_api.post("/v1/checks", body).status_code == 422
    agreed = {"basis": "appointment", "appointment_at": "2026-11-23T09:20:00Z"}
    answer = french_api.check("telephone", PHONE, **agreed)
    assert (answer["basis"], answer["attested"]) == ("appointment", True)
    alone = body | {"basis": "contract", "appointment_at": "2026-11-23T09:20:00Z"}
    assert french_api.post("/v1/checks", alone).status_code == 422


@pytest.mark.parametrize("at", ["2027-11-25T09:30:00Z", "9999-12-31T23:59:59Z"])
def test_an_appointment_is_within_a_year(french_api: Api, at: str) -> None:
    body = {"channel": "telephone", "identifier": PHONE}
    far = body | {"basis": "appointment", "appointment_at": at}
    refused = french_api.post("/v1/checks", far)
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/appointment_at"]
    results = french_api.post("/v1/checks/batch", {"items": [far, body]}).get_json()["results"]
    assert [result["decision"] for result in results] == ["unknown", "deny"]


def test_a_professional_is_protected_by_an_objection_alone(
    french_api: Api, app: Flask, seen: set[str], clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 22, 3, tzinfo=UTC)  # a Sunday night
    answer = french_api.check("telephone", PHONE, audience="professional")
    assert (answer["decision"], answer["audience"]) == ("allow", "professional")
    with app.app_context():
        controller = find_controller("okonect")
    unsure = Api(app, make_key(app, controller, [ApiScope.CHECK]), seen)
    assert unsure.codes("telephone", PHONE, audience="professional") == [
        "no_consent",
        "outside_hours",
    ]
    french_api.stop("phone", PHONE)
    assert french_api.codes("telephone", PHONE, audience="professional") == ["objection"]


def test_a_hashed_number_is_called_only_where_its_country_is_told(french_api: Api) -> None:
    digest = sha256(PHONE.encode()).hexdigest()
    body = {"channel": "telephone", "sha256": digest, **CUSTOMER}
    unknown = french_api.post("/v1/checks", body).get_json()
    assert [reason["code"] for reason in unknown["reasons"]] == ["time_zone_unknown"]
    assert unknown["decision"] == "unknown"
    told = french_api.post("/v1/checks", body | {"country": "FR"}).get_json()
    assert told["decision"] == "allow"
