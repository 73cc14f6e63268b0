from __future__ import annotations

from dataclasses import replace

import pytest

from suppression.domain.identifiers.explain import compare, explain
from suppression.domain.identifiers.limits import Limit
from suppression.domain.identifiers.match_keys import MatchKeyLabel, PostalAddress
from suppression.domain.vocabulary import Kind

ONE = PostalAddress(name="Jean Dupont", street="12 rue Foch", postcode="35000")
HOUSE = PostalAddress(street="12 rue Foch", postcode="35000")


def test_the_steps_of_an_email_are_told_in_order() -> None:
    shown = explain(Kind.EMAIL, "Jean <mailto:JEAN@société.fr>", region="FR")
    assert [(step.name, step.text) for step in shown.steps] == [
        ("cleaned", "Jean <mailto:JEAN@société.fr>"),
        ("unwrapped", "JEAN@société.fr"),
        ("mailbox name", "jean"),
        ("domain", "xn--socit-esab.fr"),
    ]


def test_the_steps_of_a_postal_address_are_its_key() -> None:
    shown = explain(Kind.POSTAL, ONE, region="FR")
    key = {step.name: step.text for step in shown.steps if step.key}
    assert key == {
        "country": "fr",
        "postcode": "35000",
        "street": "rue foch",
        "number": "12",
        "surname": "dupont",
        "first name": "j",
        "person": "j dupont",
    }


def test_two_that_differ_part_at_the_first_step_of_the_key_that_differs() -> None:
    other = PostalAddress(name="Marie Dupont", street="12 rue Foch", postcode="35000")
    parting = compare(Kind.POSTAL, ONE, other, region="FR").parting
    assert parting is not None
    assert (parting.step, parting.first, parting.second) == ("first name", "j", "m")


def test_a_person_and_the_address_without_a_name_part_at_the_surname() -> None:
    comparison = compare(Kind.POSTAL, HOUSE, ONE, region="FR")
    assert comparison.stop_on_first_denies_second
    assert not comparison.stop_on_second_denies_first
    assert not comparison.match
    assert comparison.parting is not None
    assert comparison.parting.step == "surname"


def test_a_match_has_no_parting() -> None:
    comparison = compare(Kind.PHONE, "0612345678", "+33 6 12 34 56 78", region="FR")
    assert (comparison.match, comparison.parting) == (True, None)


def test_numbers_that_match_one_way_only_do_not_exist() -> None:
    comparison = compare(Kind.PHONE, "+22997123456", "+2290197123456", region="FR")
    assert comparison.match


def test_a_firm_and_a_household_of_the_same_letters_do_not_meet() -> None:
    firm = PostalAddress(name="SARL Dupont", street="12 rue Foch", postcode="35000")
    family = PostalAddress(name="Famille Dupont", street="12 rue Foch", postcode="35000")
    comparison = compare(Kind.POSTAL, firm, family, region="FR")
    assert not comparison.stop_on_first_denies_second
    assert comparison.parting is not None
    assert (comparison.parting.first, comparison.parting.second) == ("firm dupont", "dupont")


def test_a_repr_shows_no_identifier() -> None:
    shown = explain(Kind.EMAIL, "jean@example.fr", region="FR")
    comparison = compare(Kind.EMAIL, "jean@example.fr", "paul@example.fr", region="FR")
    assert "jean" not in repr(shown) + repr(comparison)
    assert shown.forms[0].label is MatchKeyLabel.PLAIN


def test_two_couples_of_the_same_names_part_at_the_person() -> None:
    names = ("Jean DUPONT et Marie DURAND", "Marie DUPONT et Jean DURAND")
    postal_address, two = (
        PostalAddress(name=name, street="12 rue Foch", postcode="35000") for name in names
    )
    parting = compare(Kind.POSTAL, postal_address, two, region="FR").parting
    assert parting is not None
    assert parting.step == "person"


CEDEX = PostalAddress(lines=("Jean Dupont", "12 rue Foch", "35040 Rennes Cedex"))
ELSEWHERE = PostalAddress(lines=("Jean Dupont", "12 rue Foch", "75040 Paris Cedex"))


@pytest.mark.parametrize(
    ("kind", "first", "second", "limit"),
    [
        (Kind.POSTAL, ONE, CEDEX, Limit.CEDEX),
        (Kind.POSTAL, ONE, ELSEWHERE, None),
        (Kind.POSTAL, ONE, replace(ONE, postcode="35200"), None),
        (Kind.POSTAL, ONE, replace(ONE, street="12 b rue Foch"), None),
        (Kind.POSTAL, ONE, replace(ONE, name="Marie Dupont"), None),
        (Kind.POSTAL, ONE, replace(ONE, name="Jean Dupond"), Limit.MISSPELLING),
        (Kind.POSTAL, ONE, replace(ONE, street="12 rue Fohc"), Limit.MISSPELLING),
        (Kind.EMAIL, "jean+shop@orange.fr", "jean@orange.fr", Limit.PLUS_TAG),
        (Kind.EMAIL, "jean@orange.fr", "jaen@orange.fr", Limit.MISSPELLING),
        (Kind.EMAIL, "jean@orange.fr", "jean@orangee.fr", Limit.MISSPELLING),
        (Kind.EMAIL, "jean@orange.fr", "jean1@orange.fr", None),
        (Kind.EMAIL, "jean@orange.fr", "marie@orange.fr", None),
        (Kind.PHONE, "0612345678", "0612345687", None),
    ],
)
def test_a_documented_limit_is_named(
    kind: Kind, first: str | PostalAddress, second: str | PostalAddress, limit: Limit | None
) -> None:
    for pair in ((first, second), (second, first)):
        parting = compare(kind, *pair, region="FR").parting
        assert parting is not None
        assert parting.limit == limit
