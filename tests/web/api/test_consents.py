"""Consents are stored with their proof, count only under their own form, and end in time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from tests.api import Api
from tests.conftest import Clock
from tests.consenting import GIVEN, PROOF, WORDING, consent, consented, on_record, set_policy

EMAIL = "jean.dupont@example.fr"
PHONE = "+33612345678"
POSTAL = {"name": "Jean Dupont", "street": "12 rue de la Paix", "postcode": "75002"}
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


@pytest.mark.parametrize(
    ("channel", "kind", "identifier"),
    [("email", "email", EMAIL), ("sms", "phone", PHONE), ("telephone", "phone", PHONE)],
)
def test_a_consent_on_record_allows(
    french_api: Api, channel: str, kind: str, identifier: str
) -> None:
    assert french_api.codes(channel, identifier) == ["no_consent"]
    answer = consent(french_api, kind, identifier)
    assert answer.status_code == 201
    allowed = french_api.check(channel, identifier)
    assert (allowed["decision"], allowed["basis"]) == ("allow", "consent")
    assert "attested" not in allowed


def test_the_same_consent_again_stores_nothing(french_api: Api) -> None:
    (first,) = consented(french_api, "email", EMAIL)
    again = consent(french_api, "email", EMAIL)
    assert again.status_code == 200
    assert again.get_json()["results"] == [first | {"outcome": "already"}]
    assert len(on_record(french_api, "email", EMAIL)) == 1


def test_a_consent_for_calls_ends_after_a_year_and_no_longer_one_is_taken(
    french_api: Api, clock: Clock
) -> None:
    too_long = consent(french_api, "phone", PHONE, until="2027-11-20T10:00:01Z")
    assert [error["pointer"] for error in too_long.get_json()["errors"]] == ["/until"]
    results = consented(french_api, "phone", PHONE)
    ends = {result["channel"]: result.get("until") for result in results}
    assert ends == {"sms": None, "telephone": "2027-11-20T10:00:00Z"}
    clock.now = datetime(2027, 11, 22, 9, 30, tzinfo=UTC)
    assert french_api.codes("telephone", PHONE) == ["no_consent", "consent_ended"]
    assert french_api.decision("sms", PHONE) == "allow"


def test_valid_until_is_no_later_than_the_end(french_api: Api) -> None:
    consented(french_api, "email", EMAIL, until="2026-11-23T09:40:00Z")
    assert french_api.check("email", EMAIL)["valid_until"] == "2026-11-23T09:40:00Z"


def test_a_clock_a_little_ahead_is_taken_as_now(french_api: Api) -> None:
    (taken,) = consented(french_api, "email", EMAIL, given_at="2026-11-23T09:34:00Z")
    assert taken["given_at"] == "2026-11-23T09:30:00Z"
    assert french_api.decision("email", EMAIL) == "allow"


def test_a_consent_to_a_topic_allows_that_topic_alone(french_api: Api) -> None:
    results = consented(french_api, "email", EMAIL, topics=["offers"])
    assert [result["topic"] for result in results] == ["offers"]
    assert french_api.decision("email", EMAIL, topic="offers") == "allow"
    assert french_api.decision("email", EMAIL, topic="newsletter") == "deny"
    assert french_api.decision("email", EMAIL) == "deny"


def test_sharing_has_no_channel(french_api: Api) -> None:
    (taken,) = consented(french_api, "email", EMAIL, channels=None, purpose="sharing")
    assert taken["channel"] is None
    assert french_api.decision(None, EMAIL, kind="email", purpose="sharing") == "allow"
    assert french_api.decision("email", EMAIL) == "deny"


def test_a_consent_of_jean_never_allows_jacques_at_the_same_address(
    french_api: Api, app: Flask
) -> None:
    set_policy(app, "okonect", "post.marketing.rule=opt_in")
    consented(french_api, "postal", POSTAL)
    assert french_api.decision("post", POSTAL) == "allow"
    assert french_api.decision("post", POSTAL | {"name": "M. DUPONT Jean"}) == "allow"
    for name in ("Jacques Dupont", "J. Dupont", "M. et Mme Dupont", "Jean Durand"):
        assert french_api.codes("post", POSTAL | {"name": name}) == ["no_consent"], name
    assert french_api.decision("post", POSTAL | {"name": ""}) == "unknown"


@pytest.mark.parametrize("variant", ["jean.dupont@gmail.com", "jeandupont+a@gmail.com"])
def test_another_writing_of_a_mailbox_has_not_consented(french_api: Api, variant: str) -> None:
    consented(french_api, "email", "jeandupont@gmail.com")
    assert french_api.decision("email", "jeandupont@gmail.com") == "allow"
    assert french_api.codes("email", variant) == ["no_consent"]
    assert on_record(french_api, "email", variant) == []


@pytest.mark.parametrize("name", ["J. Dupont", "M. et Mme Dupont", "Famille Dupont", ""])
def test_a_postal_consent_needs_a_whole_first_name(french_api: Api, name: str) -> None:
    refused = consent(french_api, "postal", POSTAL | {"name": name})
    assert refused.status_code == 422
    assert "first name" in refused.get_json()["detail"]


def test_a_hash_of_the_plain_form_consents_but_for_post(french_api: Api) -> None:
    digest = "1a650f4a91b04f30b3198434a7115bd444e1dbc51f0dae88b76dc4a2b820b3b9"
    consented(french_api, "email", None, sha256=digest)
    assert french_api.decision("email", EMAIL) == "allow"
    refused = consent(french_api, "postal", None, sha256=digest)
    assert refused.get_json()["errors"][0]["pointer"] == "/sha256"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"given_at": None}, "/given_at"),
        ({"given_at": "2026-11-23T09:36:00Z"}, "/given_at"),
        ({"until": GIVEN}, "/until"),
        ({"wording": None}, "/wording"),
        ({"wording": " "}, "/wording"),
        ({"wording": "x" * 4001}, "/wording"),
        ({"wording": "a\0b"}, "/wording"),
        ({"wording": f"I, {EMAIL.upper()}, agree"}, "/wording"),
        ({"given_by": None}, "/given_by"),
        ({"evidence": None}, "/evidence"),
        ({"evidence": "0612345678"}, "/evidence"),
        ({"evidence": "a form"}, "/evidence"),
        ({"collected_by": None}, "/collected_by"),
        ({"collected_by": "anna@example.fr"}, "/collected_by"),
        ({"collected_by": "06 12 34 56 78"}, "/collected_by"),
        ({"topics": ["lottery"]}, "/topics"),
        ({"purpose": "service"}, "/purpose"),
        ({"purpose": "sharing"}, "/channels"),
        ({"purpose": "sharing", "channels": None, "topics": ["offers"]}, "/topics"),
        ({"channels": None}, "/channels"),
        ({"channels": ["email", "sms"]}, "/channels/1"),
        ({"ref": "0612345678"}, "/ref"),
    ],
)
def test_what_proves_nothing_or_fits_nothing_is_named(
    french_api: Api, fields: dict[str, Any], pointer: str
) -> None:
    refused = consent(french_api, "email", EMAIL, **fields)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == [pointer]
    assert on_record(french_api, "email", EMAIL) == []


@pytest.mark.parametrize(
    ("kind", "identifier", "words"),
    [
        ("phone", PHONE, "my number 06.12.34.56.78"),
        ("postal", POSTAL, "I, Jean DUPONT, agree"),
        ("postal", POSTAL, "to 12 Rue de la Paix"),
    ],
)
def test_the_person_stands_nowhere_in_the_proof(
    french_api: Api, kind: str, identifier: object, words: str
) -> None:
    refused = consent(french_api, kind, identifier, wording=words)
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/wording"]


def test_the_search_shows_the_proof_and_how_it_stands(french_api: Api, clock: Clock) -> None:
    consented(french_api, "phone", PHONE, channels=["telephone"])
    (row,) = on_record(french_api, "phone", PHONE)
    assert {name: row[name] for name in PROOF} == PROOF
    assert (row["state"], row["ends_at"]) == ("in_force", "2027-11-20T10:00:00Z")
    clock.turn(days=366)
    assert on_record(french_api, "phone", PHONE)[0]["state"] == "ended"
    assert on_record(french_api, "phone", PHONE, channel="sms") == []


def test_a_stricter_policy_ends_what_it_finds(french_api: Api, app: Flask, clock: Clock) -> None:
    consented(french_api, "email", EMAIL)
    set_policy(app, "okonect", "email.marketing.consent_months=1")
    clock.now = datetime(2026, 12, 21, 9, 30, tzinfo=UTC)
    assert french_api.decision("email", EMAIL) == "deny"
    (row,) = on_record(french_api, "email", EMAIL)
    assert (row["state"], row["ends_at"]) == ("ended", "2026-12-20T10:00:00Z")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (None, ["Okonect", "20/11/2026 à 11:00 (Europe/Paris)", "y compris oralement"]),
        ("fr", ["démarchage téléphonique", "formulaire en ligne", "ni adresse", "jusqu'au"]),
        ("en", ["marketing by telephone", "2026-11-20 at 11:00", "also orally", "web form"]),
    ],
)
def test_the_document_tells_the_person_all_that_is_kept(
    french_api: Api, language: str | None, words: list[str]
) -> None:
    (taken,) = consented(french_api, "phone", PHONE, channels=["telephone"])
    body = {"consent_id": taken["consent_id"]} | ({"language": language} if language else {})
    answer = french_api.post("/v1/consents/document", body).get_json()
    kept = [WORDING, PROOF["evidence"], PROOF["collected_by"], *words]
    assert [cell for cell in kept if cell not in answer["text"]] == []
    assert answer["language"] == (language or "fr")


def test_a_document_of_an_unknown_consent_is_not_found(french_api: Api) -> None:
    answer = french_api.post("/v1/consents/document", {"consent_id": "0" * 32})
    assert answer.status_code == 404
    assert answer.get_json()["type"] == "urn:suppression:problem:not-found"


def test_sandbox_consents_are_answered_and_not_stored(french_api: Api) -> None:
    for person in ("allowed@example.test", "noconsent@example.test"):
        (taken,) = consented(french_api, "email", person)
        assert (taken["outcome"], taken["sandbox"]) == ("created", True)
        assert on_record(french_api, "email", person) == []
    assert french_api.codes("email", "noconsent@example.test") == ["no_consent"]


def test_the_same_idempotency_key_replays(french_api: Api) -> None:
    body = {"kind": "email", "identifier": EMAIL, "channels": "all", "given_at": GIVEN} | PROOF
    key = {"Idempotency-Key": "form-84213"}
    first = french_api.post("/v1/consents", body, headers=key)
    again = french_api.post("/v1/consents", body, headers=key)
    assert (first.status_code, again.get_data()) == (201, first.get_data())
    assert again.headers["Idempotency-Replayed"] == "true"
