"""Of text messages that people send, a clear stop is stored; an unclear one waits for review."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from suppression.domain.sms.reply_parsing import SmsIntent
from suppression.domain.vocabulary import ApiScope
from suppression.storage.engine.base import db
from tests.api import Api, make_controller, make_key
from tests.conftest import Clock
from tests.databases import Database
from tests.domain.sms.rows import sms_rows

SMS = "/v1/inbound/sms"
NUMBER = "06 12 34 56 78"
STOP = {"number": NUMBER, "text": "Stop svp"}
KEY = {"Idempotency-Key": "mo-2081"}


def stored(app: Flask) -> dict[str, int]:
    """Return the number of rows in each table."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608 - names of our own tables
            for table in inspect(connection).get_table_names()
        }


@pytest.mark.timeout(240)
def test_every_text_of_the_table_through_the_api(api: Api, seen: set[str]) -> None:
    rows = sms_rows()
    stops = [row.text for row in rows if row.understood is SmsIntent.STOP]
    others = [row for row in rows if row.understood is not SmsIntent.STOP]
    before = stored(api.app)
    for row in others:
        answer = api.post(SMS, {"number": NUMBER, "text": row.text})
        assert (answer.status_code, answer.get_json()["understood"]) == (200, row.understood)
        assert set(answer.get_json()) <= {"understood", "word"}
    unclear = sum(row.understood is SmsIntent.REVIEW for row in others)
    kept = before | {"unclear_messages": unclear}
    assert stored(api.app) == kept, "what is unclear waits for a person, of the rest nothing stays"
    assert api.decision("sms", NUMBER) == "allow"
    numbers = [f"+336987{index:05}" for index, _ in enumerate(stops)]
    for number, stop in zip(numbers, stops, strict=True):
        answer = api.post(SMS, {"number": number, "text": stop})
        assert (answer.status_code, answer.get_json()["understood"]) == (201, "stop"), stop
    every = len(numbers)
    for channel, purpose, decision in (
        ("sms", "marketing", "D"),
        ("sms", "service", "D"),
        ("telephone", "marketing", "A"),
    ):
        batch = {"channel": channel, "purpose": purpose, "identifiers": numbers}
        answer = api.post("/v1/checks/batch", batch).get_json()
        assert answer["decisions"] == decision * every
        assert answer["summary"]["reasons"] == ({"stop_keyword": every} if decision == "D" else {})
    # These messages also occur in a column's name in the dump: resubscribe_url.
    seen -= {"subscribe", "resubscribe"}


def test_a_clear_stop_stands_with_its_reason_evidence_and_date(api: Api) -> None:
    received = "2026-11-20T08:15:00Z"
    answer = api.post(SMS, STOP | {"received_at": received, "ref": "mo-1", "to": "36180"})
    assert answer.status_code == 201
    body = answer.get_json()
    assert (body["understood"], body["word"], len(body["results"])) == ("stop", "stop", 1)
    assert (body["results"][0]["channel"], body["results"][0]["since"]) == ("sms", received)
    search = api.search("phone", NUMBER)
    (row,) = search["in_force"]
    assert (row["channel"], row["purpose"], row["reason"], row["evidence"]) == (
        "sms",
        "marketing",
        "stop_keyword",
        "inbound",
    )
    (entry,) = search["history"]
    assert (entry["reference"], entry["ref"]) == (body["reference"], "mo-1")
    assert entry["occurred_at"] == received


def test_without_a_date_it_came_now(api: Api) -> None:
    result = api.post(SMS, STOP).get_json()["results"][0]
    assert result["since"] == "2026-11-21T09:30:00Z"


@pytest.mark.parametrize(
    "number", ["33612345678", "0033612345678", "+33612345678", "06.12.34.56.78"]
)
def test_a_gateways_spelling_of_the_number_is_the_persons(api: Api, number: str) -> None:
    assert api.post(SMS, STOP | {"number": number}).status_code == 201
    assert api.decision("sms", NUMBER) == "deny"


def test_the_country_reads_a_national_number(api: Api) -> None:
    api.post(SMS, {"number": "0470 12 34 56", "country": "BE", "text": "STOP"})
    assert api.decision("sms", "+32470123456") == "deny"


def test_a_second_stop_keeps_the_first_date(api: Api, clock: Clock) -> None:
    first = api.post(SMS, STOP).get_json()["results"][0]
    clock.turn(days=1)
    again = api.post(SMS, STOP)
    assert again.status_code == 200
    assert again.get_json()["results"] == [first | {"outcome": "already"}]


def test_start_lifts_nothing(api: Api) -> None:
    api.post(SMS, STOP)
    answer = api.post(SMS, STOP | {"text": "OUI merci"})
    assert answer.get_json() == {"understood": "start", "word": "oui"}
    assert api.decision("sms", NUMBER) == "deny"
    assert len(api.search("phone", NUMBER)["history"]) == 1


def test_what_it_was_sent_to_makes_the_rest_clear(api: Api) -> None:
    body = STOP | {"text": "STOP Okwind"}
    assert api.post(SMS, body).get_json() == {"understood": "review"}
    assert api.post(SMS, body | {"to": "OKWIND"}).status_code == 201


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"number": "36180"}, "/number"),
        ({"number": "OKWIND"}, "/number"),
        ({"received_at": "yesterday"}, "/received_at"),
        ({"text": 5}, "/text"),
        ({"text": None}, "/text"),
        ({"ref": "0612345678"}, "/ref"),
        ({"country": "France"}, "/country"),
        ({"channel": "sms"}, ""),
    ],
)
def test_what_cannot_be_taken_is_named_and_not_stored(
    api: Api, fields: dict[str, object], pointer: str
) -> None:
    refused = api.post(SMS, STOP | fields)
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.get_json()["errors"]] == [pointer]
    assert api.decision("sms", NUMBER) == "allow"


def test_a_date_to_come_is_taken_as_now_and_the_stop_is_not_lost(api: Api) -> None:
    answer = api.post(SMS, STOP | {"received_at": "2026-11-21T10:30:00Z"})
    assert answer.get_json()["results"][0]["since"] == "2026-11-21T09:30:00Z"


def test_a_sandbox_number_is_answered_and_not_stored(api: Api) -> None:
    before = stored(api.app)
    answer = api.post(SMS, {"number": "+33199000002", "text": "STOP"})
    assert answer.get_json()["results"][0]["sandbox"] is True
    assert stored(api.app) == before
    assert api.decision("sms", "+33199000002") == "allow"


def test_a_repeated_key_gets_the_first_answer(api: Api, clock: Clock) -> None:
    first = api.post(SMS, STOP, headers=KEY)
    clock.turn(hours=1)
    again = api.post(SMS, STOP, headers=KEY)
    assert (again.status_code, again.get_data()) == (201, first.get_data())
    assert again.headers["Idempotency-Replayed"] == "true"
    other = api.post(SMS, STOP | {"text": "merci"}, headers=KEY)
    assert other.get_json()["type"] == "urn:suppression:problem:idempotency-key-reused"


def test_a_key_is_taken_whatever_was_understood(api: Api) -> None:
    for said, key in (("ne m'envoyez plus rien", "one"), ("merci", "two"), ("oui", "three")):
        headers = {"Idempotency-Key": key}
        first = api.post(SMS, STOP | {"text": said}, headers=headers)
        again = api.post(SMS, STOP | {"text": said}, headers=headers)
        assert again.get_data() == first.get_data()
        assert again.headers["Idempotency-Replayed"] == "true"


def test_a_stop_that_was_released_since_is_made_anew(api: Api) -> None:
    api.post(SMS, STOP, headers=KEY)
    api.release("phone", NUMBER, channels=["sms"])
    assert api.decision("sms", NUMBER) == "allow"
    again = api.post(SMS, STOP, headers=KEY)
    assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (201, None)
    assert api.decision("sms", NUMBER) == "deny"


def test_another_controller_hears_nothing_of_it(api: Api, french_api: Api) -> None:
    api.post(SMS, STOP)
    assert french_api.decision("sms", NUMBER, purpose="service") == "allow"


@pytest.mark.parametrize(
    "said", ["STOP 36180 Cordialement, Zoé Quatremer", "zoé quatremer, plus de sms"]
)
def test_the_text_is_neither_stored_nor_logged_nor_echoed(
    api: Api, database: Database, logs: io.StringIO, said: str
) -> None:
    for headers in ({}, KEY):
        answer = api.post(SMS, STOP | {"text": said, "to": "Quatremer"}, headers=headers)
        assert answer.status_code in {200, 201}
        seen = database.dump() + logs.getvalue() + answer.get_data(as_text=True)
        assert "quatremer" not in seen.lower()
        assert "stop 36180" not in seen.lower()


def test_a_key_without_the_scope_may_not(app: Flask) -> None:
    key = make_key(app, make_controller(app, "okwind"), [ApiScope.CHECK])
    assert Api(app, key, set()).post(SMS, STOP).status_code == 403
