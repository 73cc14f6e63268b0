"""A reading that may mean another person may deny, but it neither releases a stop nor allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consent, consented, on_record

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AGREED = MONDAY + timedelta(days=1)
DIGITS = "4915123456789"
ONE, OTHER = "+4915123456789", "+494915123456789"
GERMANY = {"country": "DE"}
LETTERS, AS_DIGITS = "030 901820 dom", "+4930901820366"
BEHIND = {"street": "B\u00e2t A 12, rue Foch", "postcode": "35000"}
NO_NUMBER = {"street": "rue Foch", "postcode": "35000"}
JEAN = {"name": "Jean Dupont"}


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


def test_digits_that_may_be_two_numbers_lift_their_own_stop_alone(api: Api) -> None:
    for number in (ONE, OTHER, DIGITS):
        _stop(api, number)
    left = _release(api, DIGITS)
    assert (len(left["released"]), len(left["still_denied_by"])) == (1, 2)
    for number in (ONE, OTHER):
        assert api.decision("sms", number) == "deny"
        assert len(_release(api, number)["released"]) == 1
        assert api.decision("sms", number) == "allow"
    assert api.decision("sms", DIGITS, **GERMANY) == "allow"


def test_either_number_leaves_the_stop_of_digits_that_may_be_both(api: Api) -> None:
    _stop(api, DIGITS)
    for number in (ONE, OTHER):
        left = _release(api, number)
        assert (left["released"], len(left["still_denied_by"])) == ([], 1)
        assert api.decision("sms", number) == "deny"


@pytest.mark.parametrize("number", [ONE, OTHER])
def test_a_consent_of_one_number_allows_nothing_under_digits_that_may_be_two(
    french_api: Api, number: str
) -> None:
    consented(french_api, "phone", number)
    assert french_api.decision("sms", number) == "allow"
    assert french_api.codes("sms", DIGITS, **GERMANY) == ["no_consent"]


def test_digits_that_may_be_two_numbers_take_no_consent(french_api: Api) -> None:
    refused = consent(french_api, "phone", DIGITS, **GERMANY)
    assert refused.status_code == 422
    (error,) = refused.get_json()["errors"]
    assert error["pointer"] == "/identifier"
    assert "+ and its country code" in error["detail"]
    for number in (ONE, OTHER):
        assert on_record(french_api, "phone", number) == []
    assert consent(french_api, "phone", f"00{DIGITS}", **GERMANY).status_code == 201


def test_digits_that_may_be_two_numbers_take_no_agreed_time(french_api: Api, clock: Clock) -> None:
    refused = _agree(french_api, DIGITS, status=422, **GERMANY)
    assert [error["pointer"] for error in refused["errors"]] == ["/identifier"]
    told = {"identifier": DIGITS, "outcome": "refused"} | GERMANY
    assert french_api.post("/v1/outcomes", told).status_code == 200
    clock.now = AGREED
    for number in (ONE, OTHER):
        assert french_api.decision("telephone", number) == "deny"


@pytest.mark.parametrize(
    ("agreed", "called", "fields"),
    [(ONE, DIGITS, GERMANY), (OTHER, DIGITS, GERMANY), (AS_DIGITS, LETTERS, GERMANY)],
)
def test_an_agreed_time_of_one_number_allows_no_call_to_what_may_be_another(
    french_api: Api, clock: Clock, agreed: str, called: str, fields: dict[str, str]
) -> None:
    _agree(french_api, agreed)
    clock.now = AGREED
    assert french_api.decision("telephone", agreed) == "allow"
    assert french_api.decision("telephone", called, **fields) == "deny"


def test_a_time_agreed_to_before_a_number_changed_still_allows(
    french_api: Api, clock: Clock
) -> None:
    _agree(french_api, "+22997123456")
    clock.now = AGREED
    assert french_api.decision("telephone", "+2290197123456") == "allow"


@pytest.mark.parametrize("name", [JEAN, {}])
def test_an_older_reading_of_a_street_denies_and_lifts_nothing(
    api: Api, name: dict[str, str]
) -> None:
    api.stop("postal", NO_NUMBER | name)
    left = api.release("postal", BEHIND | name, channels=["post"], reasons=["objection"])
    assert left.get_json()["released"] == []
    (row,) = left.get_json()["still_denied_by"]
    assert row.get("whole_address", False) is not bool(name)
    assert api.decision("post", NO_NUMBER | JEAN) == "deny"
    api.release("postal", NO_NUMBER | name, channels=["post"], reasons=["objection"])
    assert api.decision("post", NO_NUMBER | JEAN) == "allow"


def test_a_house_that_may_be_a_person_lifts_no_stop_of_the_street_or_the_person(api: Api) -> None:
    house = {"lines": ["VILLA Jean", "rue Foch", "35000 Rennes"]}
    person = NO_NUMBER | {"name": "Jean VILLA"}
    for address in (NO_NUMBER, person):
        api.stop("postal", address)
    left = api.release("postal", house, channels=["post"], reasons=["objection"]).get_json()
    assert (left["released"], len(left["still_denied_by"])) == ([], 2)
    assert api.decision("post", person) == "deny"
    assert api.decision("post", NO_NUMBER | JEAN) == "deny"


def _stop(api: Api, number: str) -> None:
    body = {"identifiers": [_in_germany(number)], "channels": ["sms"]}
    assert api.post("/v1/suppressions", body).status_code == 201


def _release(api: Api, number: str) -> dict[str, Any]:
    body = {"channels": ["sms"], "reasons": ["objection"], "why": "person_asked"}
    told = api.post("/v1/suppressions/release", body | {"identifiers": [_in_germany(number)]})
    left: dict[str, Any] = told.get_json()
    return left


def _in_germany(number: str) -> dict[str, str]:
    return {"kind": "phone", "value": number} | GERMANY


def _agree(api: Api, number: str, *, status: int = 200, **fields: str) -> dict[str, Any]:
    body = {"identifier": number, "outcome": "callback", "callback_at": to_rfc3339(AGREED)}
    told = api.post("/v1/outcomes", body | fields)
    assert told.status_code == status
    answer: dict[str, Any] = told.get_json()
    return answer
