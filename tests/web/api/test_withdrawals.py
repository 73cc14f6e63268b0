"""A withdrawal is stored as a stop, even without a consent; a release revives no consent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consent, consented, on_record, set_policy, states, withdraw

EMAIL = "jean.dupont@example.fr"
PHONE = "+33612345678"
POSTAL = {"name": "Jean Dupont", "street": "12 rue de la Paix", "postcode": "75002"}
PEOPLE = [("email", EMAIL), ("phone", PHONE), ("postal", POSTAL)]


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def asking(french_api: Api, app: Flask) -> Api:
    """Return an Api of a controller with `fr-2026` that needs consent by post too."""
    set_policy(app, "okonect", "post.marketing.rule=opt_in")
    return french_api


@pytest.mark.parametrize(("kind", "identifier"), PEOPLE)
def test_a_withdrawal_ends_the_consent_and_stops(
    asking: Api, kind: str, identifier: object
) -> None:
    taken = consented(asking, kind, identifier)
    answer = withdraw(asking, kind, identifier)
    assert answer.status_code == 201
    ended = {consent["consent_id"] for consent in answer.get_json()["ended"]}
    assert ended == {consent["consent_id"] for consent in taken}
    assert set(states(asking, kind, identifier)) == {"withdrawn"}
    for row in taken:
        codes = asking.codes(row["channel"], identifier)
        assert codes == ["consent_withdrawn", "no_consent"]


@pytest.mark.parametrize(("kind", "identifier"), [*PEOPLE, ("postal", POSTAL | {"name": ""})])
def test_a_withdrawal_without_a_consent_on_record_is_a_stop(
    api: Api, kind: str, identifier: object
) -> None:
    answer = withdraw(api, kind, identifier).get_json()
    assert answer["ended"] == []
    assert answer["results"] != []
    for result in answer["results"]:
        assert api.codes(result["channel"], identifier)[0] == "consent_withdrawn"
    again = withdraw(api, kind, identifier)
    assert again.status_code == 200
    assert {result["outcome"] for result in again.get_json()["results"]} == {"already"}


def test_a_partners_hash_and_a_stop_for_sharing_are_taken(api: Api) -> None:
    answer = withdraw(api, "phone", None, sha256="ab" * 32, scheme="meta-phone")
    assert answer.status_code == 201
    answer = withdraw(api, "email", EMAIL, channels=None, purpose="sharing")
    assert answer.get_json()["results"][0]["channel"] is None
    assert api.decision(None, EMAIL, kind="email", purpose="sharing") == "deny"
    assert api.decision("email", EMAIL) == "allow"


def test_another_writing_of_the_mailbox_withdraws_too(french_api: Api) -> None:
    consented(french_api, "email", "jeandupont@gmail.com")
    answer = withdraw(french_api, "email", "Jean.Dupont+x@gmail.com").get_json()
    assert len(answer["ended"]) == 1
    assert french_api.decision("email", "jeandupont@gmail.com") == "deny"


def test_withdrawing_a_topic_leaves_the_others(french_api: Api) -> None:
    consented(french_api, "email", EMAIL, topics=["newsletter", "offers"])
    answer = withdraw(french_api, "email", EMAIL, topics=["newsletter"]).get_json()
    assert [consent["topic"] for consent in answer["ended"]] == ["newsletter"]
    assert french_api.decision("email", EMAIL, topic="offers") == "allow"
    assert french_api.decision("email", EMAIL, topic="newsletter") == "deny"


def test_a_consent_to_all_topics_outlives_the_withdrawal_of_one(french_api: Api) -> None:
    consented(french_api, "email", EMAIL)
    assert withdraw(french_api, "email", EMAIL, topics=["newsletter"]).get_json()["ended"] == []
    assert french_api.decision("email", EMAIL, topic="offers") == "allow"
    assert french_api.decision("email", EMAIL, topic="newsletter") == "deny"


def test_a_withdrawal_told_late_leaves_a_newer_consent(french_api: Api) -> None:
    consented(french_api, "email", EMAIL)
    answer = withdraw(french_api, "email", EMAIL, occurred_at="2026-11-20T09:59:59Z")
    assert answer.get_json()["ended"] == []
    assert french_api.decision("email", EMAIL) == "allow"
    answer = withdraw(french_api, "email", EMAIL, occurred_at="2026-11-20T10:00:00Z")
    assert len(answer.get_json()["ended"]) == 1
    assert french_api.decision("email", EMAIL) == "deny"


def test_a_replayed_withdrawal_is_made_anew_if_it_was_undone(french_api: Api, clock: Clock) -> None:
    body = {"kind": "email", "identifier": EMAIL, "channels": ["email"]}
    key = {"Idempotency-Key": "call-1"}
    first = french_api.post("/v1/consents/withdraw", body, headers=key)
    clock.turn(minutes=1)
    again = french_api.post("/v1/consents/withdraw", body, headers=key)
    assert again.get_data() == first.get_data()
    french_api.release("email", EMAIL, channels=["email"])
    consented(french_api, "email", EMAIL, given_at="2026-11-23T09:31:00Z")
    clock.turn(minutes=1)
    anew = french_api.post("/v1/consents/withdraw", body, headers=key)
    assert anew.get_data() != first.get_data()
    assert french_api.decision("email", EMAIL) == "deny"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"occurred_at": "2026-11-23T09:36:00Z"}, "/occurred_at"),
        ({"topics": ["lottery"]}, "/topics"),
        ({"purpose": "service"}, "/purpose"),
        ({"channels": None}, "/channels"),
        ({"identifier": "broken"}, "/identifier"),
    ],
)
def test_a_withdrawal_that_fits_nothing_is_named(
    api: Api, fields: dict[str, object], pointer: str
) -> None:
    refused = withdraw(api, "email", **({"identifier": EMAIL} | fields))
    assert [error["pointer"] for error in refused.get_json()["errors"]] == [pointer]


@pytest.mark.parametrize("why", ["person_asked", "reassigned"])
@pytest.mark.parametrize(("kind", "identifier"), PEOPLE)
def test_lifting_a_stop_revives_no_consent(
    asking: Api, kind: str, identifier: object, why: str
) -> None:
    taken = consented(asking, kind, identifier)
    asking.stop(kind, identifier)
    asking.release(kind, identifier, channels="all", reasons=["objection"], why=why)
    assert set(states(asking, kind, identifier)) == {"stop_released"}
    for row in taken:
        assert asking.codes(row["channel"], identifier) == ["no_consent"]


def test_a_consent_of_whoever_had_the_number_before_has_ended(
    french_api: Api, clock: Clock
) -> None:
    """Sent after the release, the consent was answered as in force, though no check counted it."""
    french_api.stop("phone", PHONE, occurred_at="2026-11-19T10:00:00Z")
    french_api.release("phone", PHONE, channels="all", reasons=["objection"], why="reassigned")
    clock.turn(minutes=1)
    for row in consented(french_api, "phone", PHONE, given_at="2026-11-20T10:00:00Z"):
        assert row["state"] == "stop_released"
        assert french_api.codes(row["channel"], PHONE) == ["no_consent"]


@pytest.mark.parametrize(("kind", "identifier"), PEOPLE)
def test_a_stop_by_mistake_had_withdrawn_nothing(
    asking: Api, kind: str, identifier: object
) -> None:
    taken = consented(asking, kind, identifier)
    asking.stop(kind, identifier)
    asking.release(kind, identifier, channels="all", reasons=["objection"], why="mistake")
    for row in taken:
        assert asking.decision(row["channel"], identifier) == "allow"


def test_only_the_consents_that_the_stop_denied_end(french_api: Api, clock: Clock) -> None:
    consented(french_api, "phone", PHONE)
    french_api.stop("phone", PHONE, channels=["sms"])
    clock.turn(minutes=1)
    french_api.release("phone", PHONE, channels=["sms"], reasons=["objection"])
    states_by_channel = {
        consent["channel"]: consent["state"] for consent in on_record(french_api, "phone", PHONE)
    }
    assert states_by_channel == {"sms": "stop_released", "telephone": "in_force"}


def test_a_consent_given_after_the_stop_stays_when_it_is_lifted(
    french_api: Api, clock: Clock
) -> None:
    french_api.stop("phone", PHONE)
    clock.turn(minutes=1)
    later = consented(french_api, "phone", PHONE, given_at="2026-11-23T09:31:00Z")
    assert {consent["still_denied_by"][0]["code"] for consent in later} == {"objection"}
    assert french_api.decision("telephone", PHONE) == "deny"
    french_api.release("phone", PHONE, channels="all", reasons=["objection"])
    assert french_api.decision("telephone", PHONE) == "allow"


def test_a_consent_that_comes_to_light_after_the_release_is_not_revived_either(
    french_api: Api,
) -> None:
    french_api.stop("email", EMAIL)
    french_api.release("email", EMAIL, channels="all", reasons=["objection"])
    answer = consent(french_api, "email", EMAIL)
    assert [result["state"] for result in answer.get_json()["results"]] == ["stop_released"]
    assert french_api.codes("email", EMAIL) == ["no_consent"]
    (again,) = consented(french_api, "email", EMAIL)
    assert (again["outcome"], again["state"]) == ("already", "stop_released")


def test_after_a_mistake_that_was_lifted_an_older_consent_counts(french_api: Api) -> None:
    french_api.stop("email", EMAIL)
    french_api.release("email", EMAIL, channels="all", reasons=["objection"], why="mistake")
    consented(french_api, "email", EMAIL)
    assert french_api.decision("email", EMAIL) == "allow"


def test_releasing_by_another_writing_revives_nothing(french_api: Api) -> None:
    consented(french_api, "email", "j.dupont@gmail.com")
    french_api.stop("email", "j.dupont@gmail.com")
    lifted = french_api.release(
        "email", "jd.upont@gmail.com", channels="all", reasons=["objection"]
    )
    assert len(lifted.get_json()["released"]) == 1
    assert french_api.decision("email", "j.dupont@gmail.com") == "deny"


def test_sandbox_withdrawals_store_nothing(french_api: Api) -> None:
    answer = withdraw(french_api, "email", "allowed@example.test").get_json()
    assert [result["sandbox"] for result in answer["results"]] == [True]
    assert french_api.search("email", "allowed@example.test")["in_force"] == []
