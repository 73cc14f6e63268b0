"""A release lifts the named stops, and tells what still denies."""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.conftest import Clock

EMAIL = "jean.dupont@example.fr"
PERSON = {"name": "Jean Dupont", "street": "12 rue de la Paix", "postcode": "75002"}
HOUSE = {"street": "12 rue de la Paix", "postcode": "75002"}


@pytest.mark.parametrize("reason", ["objection", "complaint"])
def test_an_objection_is_released_only_if_it_is_named(api: Api, reason: str) -> None:
    api.stop("email", EMAIL, reason=reason)
    kept = api.release("email", EMAIL, channels=["email"]).get_json()
    assert kept["released"] == []
    assert [row["reason"] for row in kept["still_denied_by"]] == [reason]
    assert api.decision("email", EMAIL) == "deny"
    api.release("email", EMAIL, channels=["email"], reasons=[reason])
    assert api.decision("email", EMAIL) == "allow"


def test_an_unsubscribe_is_released_without_being_named(api: Api) -> None:
    api.stop("email", EMAIL, reason="unsubscribe")
    api.release("email", EMAIL, channels="all")
    assert api.decision("email", EMAIL) == "allow"


def test_an_objection_on_a_bounced_address_survives_the_release_of_the_bounce(api: Api) -> None:
    api.stop("email", EMAIL)
    api.stop("email", EMAIL, reason="undeliverable")
    api.release("email", EMAIL, channels=["email"], reasons=["undeliverable"])
    assert api.codes("email", EMAIL) == ["objection"]


def test_only_the_exactly_named_scope_is_released(api: Api) -> None:
    api.stop("email", EMAIL, reason="unsubscribe", topic="offers")
    answer = api.release("email", EMAIL, channels=["email"]).get_json()
    assert answer["released"] == []
    assert [row["topic"] for row in answer["still_denied_by"]] == ["offers"]
    api.release("email", EMAIL, channels=["email"], topic="offers")
    assert api.decision("email", EMAIL) == "allow"


@pytest.mark.parametrize("reason", ["restriction", "deceased"])
def test_a_restriction_is_lifted_by_name_and_without_channels(api: Api, reason: str) -> None:
    api.stop("email", EMAIL, reason=reason, channels=None)
    refused = api.release("email", EMAIL, channels=["email"], reasons=[reason])
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/channels"]
    lifted = api.release("email", EMAIL, reasons=[reason]).get_json()
    assert [(row["reason"], row["channel"]) for row in lifted["released"]] == [(reason, None)]
    assert api.decision("email", EMAIL) == "allow"


def test_a_restriction_stands_in_what_still_denies(api: Api) -> None:
    api.stop("email", EMAIL, reason="unsubscribe")
    api.stop("email", EMAIL, reason="restriction", channels=None)
    answer = api.release("email", EMAIL, channels=["email"]).get_json()
    assert [row["reason"] for row in answer["released"]] == ["unsubscribe"]
    assert [row["reason"] for row in answer["still_denied_by"]] == ["restriction"]


def test_a_whole_address_is_not_released_by_one_person_in_it(api: Api) -> None:
    api.stop("postal", PERSON)
    api.stop("postal", PERSON, whole_address=True)
    answer = api.release("postal", PERSON, channels=["post"], reasons=["objection"]).get_json()
    assert [row.get("whole_address", False) for row in answer["released"]] == [False]
    assert [row["whole_address"] for row in answer["still_denied_by"]] == [True]
    assert api.decision("post", PERSON) == "deny"


def test_releasing_a_whole_address_keeps_a_persons_own_stop(api: Api) -> None:
    api.stop("postal", PERSON)
    api.stop("postal", PERSON, whole_address=True)
    api.release("postal", HOUSE, channels=["post"], reasons=["objection"])
    assert api.decision("post", PERSON) == "deny"
    assert api.decision("post", PERSON | {"name": "Marie Durand"}) == "allow"


def test_any_form_of_the_identifier_releases_it(api: Api) -> None:
    api.stop("email", "jean.dupont@gmail.com", reason="unsubscribe")
    api.release("email", "jeandupont@gmail.com", channels=["email"])
    assert api.decision("email", "jean.dupont@gmail.com") == "allow"


def test_a_release_stands_in_the_history_with_its_reason_and_actor(api: Api, clock: Clock) -> None:
    api.stop("email", EMAIL, reason="unsubscribe", ref="crm:7")
    clock.turn(seconds=1)
    reference = api.release("email", EMAIL, channels=["email"]).get_json()["reference"]
    history = api.search("email", EMAIL)["history"]
    assert [entry["type"] for entry in history] == ["stop", "release"]
    assert history[0]["ref"] == "crm:7"
    assert history[1]["why"] == "person_asked"
    assert history[1]["actor"] == history[0]["actor"] == "key:1"
    assert history[1]["reference"] == reference
