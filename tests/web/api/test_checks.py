"""The answers to a single check."""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.conftest import Clock

PERSON = {"name": "Jean Dupont", "street": "12 rue de la Paix", "postcode": "75002"}
HOUSE = {"street": "12, Rue de la Paix", "postcode": "75 002"}


def test_a_stop_turns_every_later_check_to_deny(api: Api) -> None:
    assert api.decision("email", "jean.dupont@example.fr") == "allow"
    assert api.stop("email", "jean.dupont@example.fr").status_code == 201
    assert api.decision("email", " Jean.DUPONT@Example.FR ") == "deny"


def test_an_allow_names_its_basis_and_its_end(api: Api) -> None:
    answer = api.check("email", "jean.dupont@example.fr", correlation_id="crm:1")
    assert answer == {
        "decision": "allow",
        "basis": "no_objection",
        "reasons": [],
        "checked_at": "2026-11-21T09:30:00Z",
        "valid_until": "2026-11-21T10:30:00Z",
        "correlation_id": "crm:1",
    }


def test_a_deny_says_since_when(api: Api) -> None:
    api.stop("phone", "06 12 34 56 78", occurred_at="2026-11-03T08:00:00+01:00")
    answer = api.check("telephone", "+33612345678")
    assert answer["reasons"] == [{"code": "objection", "since": "2026-11-03T07:00:00Z"}]


def test_a_deny_ends_no_later_than_what_made_it_true(api: Api) -> None:
    end = "2026-11-21T09:40:00Z"
    api.stop("email", "a.bounce@example.fr", reason="undeliverable", expires_at=end)
    answer = api.check("email", "a.bounce@example.fr")
    assert answer["valid_until"] == answer["retry_at"] == "2026-11-21T09:40:00.000001Z"


def test_an_ended_stop_denies_no_longer(api: Api, clock: Clock) -> None:
    end = "2026-11-21T09:40:00Z"
    api.stop("email", "a.bounce@example.fr", reason="undeliverable", expires_at=end)
    clock.turn(minutes=10)
    assert api.decision("email", "a.bounce@example.fr") == "deny", "at its very end it still holds"
    clock.turn(seconds=1)
    assert api.decision("email", "a.bounce@example.fr") == "allow"


@pytest.mark.parametrize(
    ("channel", "identifier", "code"),
    [
        ("email", "no-at-sign.example.fr", "malformed"),
        ("email", "two@signs@example.fr", "malformed"),
        ("email", "x" * 310 + "@example.fr", "too_long"),
        ("email", "lone\ud800surrogate@example.fr", "malformed"),
        ("email", PERSON, "wrong_kind"),
        ("telephone", "not a number", "malformed"),
        ("sms", "12", "malformed"),
        ("post", "12 rue de la Paix 75002 Paris", "wrong_kind"),
        ("post", {"name": "Jean Dupont"}, "malformed"),
        ("post", {"lines": ["Jean Dupont"]}, "malformed"),
        ("post", {"lines": ["1 rue Foch", "75002 Paris"], "street": "2 rue Hugo"}, "malformed"),
        ("post", {"street": "x" * 501, "postcode": "75002"}, "too_long"),
    ],
)
def test_what_cannot_be_understood_is_unknown(
    api: Api, channel: str, identifier: object, code: str
) -> None:
    answer = api.check(channel, identifier)
    assert answer["decision"] == "unknown"
    assert [reason["code"] for reason in answer["reasons"]] == [code]
    assert "valid_until" not in answer


def test_a_topic_that_is_not_known_is_unknown(api: Api) -> None:
    assert api.codes("email", "jean.dupont@example.fr", topic="lottery") == ["topic_unknown"]


def test_a_stop_on_one_topic_leaves_the_others(api: Api) -> None:
    api.stop("email", "jean.dupont@example.fr", topic="newsletter")
    assert api.decision("email", "jean.dupont@example.fr", topic="newsletter") == "deny"
    assert api.decision("email", "jean.dupont@example.fr", topic="offers") == "allow"


def test_a_check_without_a_topic_is_denied_by_a_stop_on_any(api: Api) -> None:
    api.stop("email", "jean.dupont@example.fr", topic="newsletter")
    answer = api.check("email", "jean.dupont@example.fr")
    assert answer["decision"] == "deny"
    assert answer["reasons"][0]["topic"] == "newsletter"


def test_a_postal_check_without_a_name_is_unknown(api: Api) -> None:
    assert api.codes("post", HOUSE) == ["name_missing"]


def test_a_postal_stop_is_for_a_person_unless_asked(api: Api) -> None:
    api.stop("postal", PERSON)
    assert api.decision("post", PERSON | {"name": "DUPONT Jean"}) == "deny"
    assert api.decision("post", PERSON | {"name": "Marie Durand"}) == "allow"


def test_a_stop_of_a_whole_address_denies_everybody_there(api: Api) -> None:
    stopped = api.stop("postal", PERSON, whole_address=True).get_json()
    assert stopped["results"][0]["whole_address"] is True
    assert api.decision("post", PERSON | {"name": "Marie Durand"}) == "deny"
    assert api.decision("post", HOUSE) == "deny"


def test_a_stop_without_a_name_is_for_the_whole_address_and_says_so(api: Api) -> None:
    assert api.stop("postal", HOUSE).get_json()["results"][0]["whole_address"] is True
    assert api.decision("post", PERSON) == "deny"


def test_both_spellings_of_a_gmail_mailbox_are_one(api: Api) -> None:
    api.stop("email", "jean.dupont+shop@gmail.com")
    assert api.decision("email", "jeandupont@googlemail.com") == "deny"
    assert api.decision("email", "jean.dupont+shop@example.fr") == "allow"


def test_an_overseas_number_is_not_read_as_a_metropolitan_one(api: Api) -> None:
    api.stop("phone", "0692 12 34 56")
    assert api.decision("telephone", "+262692123456") == "deny"
    assert api.decision("telephone", "+33612123456") == "allow"


def test_an_overseas_number_that_a_program_made_metropolitan_is_still_stopped(api: Api) -> None:
    api.stop("phone", "0692 12 34 56")
    assert api.decision("telephone", "+33692123456") == "deny"


def test_a_country_beside_the_number_reads_it(api: Api) -> None:
    api.stop("phone", "+4930901820")
    assert api.decision("telephone", "030 901820", country="DE") == "deny"


@pytest.mark.parametrize(
    ("identifier", "decision", "codes"),
    [
        ("suppressed@example.test", "deny", ["objection"]),
        ("allowed@example.test", "allow", []),
        ("noconsent@example.test", "deny", ["no_consent"]),
        ("error@example.test", "unknown", ["sandbox_error"]),
    ],
)
def test_sandbox_addresses_answer_as_documented_and_store_nothing(
    api: Api, identifier: str, decision: str, codes: list[str]
) -> None:
    stored = api.stop("email", identifier).get_json()
    assert stored["results"][0]["sandbox"] is True
    assert api.search("email", identifier) == {"in_force": [], "history": []}
    answer = api.check("email", identifier)
    assert answer["decision"] == decision
    assert [reason["code"] for reason in answer["reasons"]] == codes


@pytest.mark.parametrize(
    ("digit", "decision"), list(zip("1234", ("deny", "allow", "deny", "unknown"), strict=True))
)
def test_sandbox_numbers_answer_as_documented(api: Api, digit: str, decision: str) -> None:
    assert api.decision("telephone", f"01 99 00 00 0{digit}") == decision


def test_a_country_may_be_written_in_small_letters(api: Api) -> None:
    api.stop("phone", "+4930901820")
    assert api.decision("telephone", "030 901820", country="de") == "deny"
