"""Faults that the twelfth attack found: releases lifted stops, or kept consents, of others."""

from __future__ import annotations

import pytest
from flask import Flask

from suppression.domain.cases.transitions import LiftRestriction
from suppression.domain.cases.vocabulary import CaseKind
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import Kind
from suppression.usecases.cases.open import CaseOutcome
from tests.api import Api
from tests.cli.test_scrub import FREE, STOPPED, Scrubs, scrubs
from tests.conftest import Clock
from tests.consenting import consented
from tests.importing import Imports
from tests.usecases.cases.test_register import RECEIVED, Office, office

__all__ = ["office", "scrubs"]

STREET = {"street": "12 rue Foch", "postcode": "35000", "city": "Rennes"}
BOTH = STREET | {"street": "12-14 rue Foch"}
NEIGHBOUR = STREET | {"street": "14 rue Foch", "name": "Paul Durand"}
NUMBER = "+33612345678"


def _restricted(office: Office, name: str) -> CaseOutcome:
    address = PostalAddress(name=name, street="12 rue Foch", postcode="35000")
    recorded = office.record(
        CaseKind.RESTRICTION,
        (Kind.POSTAL, address),  # type: ignore[arg-type]
        name=name,
    )
    office.api.seen.discard(address)
    return recorded


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Marie Dupont", "Jean Dupont"),
        ("Marie Dupont", "Marie et Jean Dupont"),
        ("Marie et Jean Dupont", "Jean Dupont"),
    ],
)
def test_a_case_is_joined_by_nobody_else_of_the_same_surname(
    office: Office, first: str, second: str
) -> None:
    """Both share the form "someone of that surname", so lifting one case lifted both stops."""
    marie, jean = _restricted(office, first), _restricted(office, second)
    assert not jean.joined
    office.step(marie, LiftRestriction(told_on=RECEIVED, seen=2))
    assert office.api.codes("post", STREET | {"name": "Jean Dupont"}) == ["restriction"]


def test_a_case_is_joined_by_the_same_person_in_another_writing(office: Office) -> None:
    first, again = _restricted(office, "Marie Dupont"), _restricted(office, "Mme DUPONT Marie")
    assert (again.joined, again.case.reference) == (True, first.case.reference)


def _lift_first(api: Api) -> None:
    answer = api.release("postal", STREET, channels=["post"], reasons=["objection", "imported"])
    assert answer.status_code == 200


def test_a_stop_of_two_houses_is_not_lifted_by_one_of_them(api: Api) -> None:
    api.stop("postal", BOTH)
    _lift_first(api)
    assert api.decision("post", NEIGHBOUR) == "deny"
    both = api.release("postal", BOTH, channels=["post"], reasons=["objection"])
    assert both.get_json()["still_denied_by"] == []
    assert api.decision("post", NEIGHBOUR) == "allow"


def test_the_same_where_the_second_house_joined_later(api: Api) -> None:
    api.stop("postal", STREET)
    api.stop("postal", BOTH)
    _lift_first(api)
    assert api.decision("post", NEIGHBOUR) == "deny"


def test_the_same_for_a_file(app: Flask, api: Api) -> None:
    lines = ["street;postcode;city", "12-14 rue Foch;35000;Rennes", ""]
    Imports(app, "okwind").apply("\n".join(lines))
    assert api.decision("post", NEIGHBOUR) == "deny"
    _lift_first(api)
    assert api.decision("post", NEIGHBOUR) == "deny"


def test_a_number_that_is_somebody_else_s_has_no_consent(french_api: Api, clock: Clock) -> None:
    """The former owner's consent, given after their stop, allowed calls to the new owner."""
    french_api.stop("phone", NUMBER, channels=["telephone"], occurred_at="2026-11-19T10:00:00Z")
    consented(french_api, "phone", NUMBER, channels=["telephone"], given_at="2026-11-20T10:00:00Z")
    clock.turn(minutes=1)
    french_api.release(
        "phone", NUMBER, channels=["telephone"], reasons=["objection"], why="reassigned"
    )
    clock.turn(days=2)
    assert "no_consent" in french_api.codes("telephone", NUMBER)


@pytest.mark.parametrize("name", ["decision", "Decision", "\\u0064ecision"])
def test_no_decision_of_before_stands_beside_the_new_one(scrubs: Scrubs, name: str) -> None:
    """Of two JSON members `decision` a reader takes either, and the old one said allow."""
    raw = f'{{"email": "{FREE}"}}\n{{"email": "{STOPPED}", "{name}": "allow"}}\n'.encode()
    assert scrubs.run(raw, name="people.ndjson").exit_code != 0
    assert scrubs.left == []


def test_a_value_of_that_name_is_none(scrubs: Scrubs) -> None:
    raw = f'{{"email": "{FREE}", "note": "decision \\u00e9"}}\n'.encode()
    assert b'"decision": "allow"' in scrubs(raw, name="people.ndjson")
