"""Each person of a couple is read in every writing, with any separator in the place of `et`."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

from suppression.domain.identifiers.match_keys import MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.postal.free_lines import couple_on_lines, fields_of
from suppression.domain.identifiers.postal.match_keys import postal_texts
from suppression.domain.identifiers.postal.name_lines import without_label
from suppression.domain.identifiers.postal.names_apart import is_certain_name, parts_apart
from suppression.domain.identifiers.postal.people.people_apart import parse_recipients
from tests.domain.identifiers.examples import people
from tests.length import length

BETWEEN = [", ", " - ", " ; ", ";", " | ", "\n"]
PAIRS = [
    (("M.", "Jean", "Dupont"), ("Mme", "Marie", "Durand")),
    (("M.", "Paul", "Lefevre"), ("Mme", "Anne", "Le Goff")),
    (("Mme", "Marie", "Durand"), ("M.", "Jean", "Dupont")),
]
FORMS = [
    "{given} {surname}",
    "{given} {capitals}",
    "{capitals} {given}",
    "{surname}, {given}",
    "{capitals}, {given}",
    "{capitals} {given_capitals}",
    "{civility} {given} {surname}",
    "{civility} {capitals} {given}",
    "{plain_civility} {capitals} {given_capitals}",
    "{civility} {initial}. {surname}",
    "{civility} {capitals}",
    "{initial}. {surname}",
]


def written(form: str, person: tuple[str, str, str]) -> str:
    """Return a person's name in a form, such as `{civility} {given} {surname}`."""
    civility, given, surname = person
    capitals = {"capitals": surname.upper(), "given_capitals": given.upper()}
    plain = civility.rstrip(".").upper()
    return form.format(
        civility=civility,
        plain_civility=plain,
        given=given,
        surname=surname,
        initial=given[0],
        **capitals,
    )


@cache
def keys(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys under which a stop of a name is stored, and those that a check looks up."""
    address = PostalAddress(name=name, street="12 rue Foch", postcode="35000")
    texts = [
        text
        for text in postal_texts(address, "FR")
        if text.label is not MatchKeyLabel.WHOLE_ADDRESS
    ]
    stored = frozenset(text.text for text in texts if text.use.is_stored)
    return stored, frozenset(text.text for text in texts if text.use.is_looked_up)


@pytest.mark.parametrize("between", BETWEEN)
def test_each_of_a_couple_is_meant_in_every_writing(between: str) -> None:
    missed = []
    for first, second, (jean, marie) in product(FORMS, FORMS, PAIRS[: length(2, long=3)]):
        couple = f"{written(first, jean)}{between}{written(second, marie)}"
        stored, lookups = keys(couple)
        for _, given, surname in (jean, marie):
            plain_stored, plain_lookups = keys(f"{given} {surname}")
            if not (stored & plain_lookups and plain_stored & lookups):
                missed.append(couple)
    assert missed == []


@pytest.mark.parametrize(("first", "second"), list(product(FORMS, FORMS)))
def test_each_of_a_couple_on_two_lines_is_meant(first: str, second: str) -> None:
    for jean, marie in PAIRS:
        lines = (written(first, jean), written(second, marie), "12 rue Foch", "35000 Rennes")
        texts = postal_texts(PostalAddress(lines=lines), "FR")
        for _, given, surname in (jean, marie):
            key = {f"fr|35000|rue foch|12|{surname.lower().replace(' ', '')}|{given[0].lower()}"}
            household = {f"fr|35000|rue foch|12|{surname.lower().replace(' ', '')}|"}
            assert {text.text for text in texts if text.use.is_stored} & (key | household)


@pytest.mark.parametrize(
    "name",
    [
        "Dupont, Jean",
        "Martin, Jean Michel",
        "Jean Dupont, Directeur",
        "Jean Dupont - Directeur",
        "Jean Dupont - Directeur Commercial",
        "Jean Dupont ; 12",
        "Jean Dupont ;",
        "Dupont ; Jean",
        "MARTIN, Jean, ",
    ],
)
def test_one_person_is_not_several(name: str) -> None:
    assert parts_apart(name) == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Martin, Jean ; Durand, Marie", ["Martin, Jean", "Durand, Marie"]),
        ("Jean Roux - Martin, Rose", ["Jean Roux", "Martin, Rose"]),
        ("Jean Roux - MARTIN, Oksana", ["Jean Roux", "MARTIN, Oksana"]),
        ("Jean, Paul - Marie Dupont", ["Jean", "Paul", "Marie Dupont"]),
        ("Martin, Jean, Rose Roy", ["Martin", "Jean", "Rose Roy"]),
        ("MARTIN, Jean, Rose Roy", ["MARTIN, Jean", "Rose Roy"]),
        ("Jean Roux - Directeur ; Rose Petit", ["Jean Roux", "Rose Petit"]),
        ("Oksana Roux - Chef ; Rose Petit", ["Oksana Roux - Chef", "Rose Petit"]),
        ("Jean Roux, A l'attention de Rose Petit", ["Jean Roux", "Rose Petit"]),
    ],
)
def test_names_apart_are_told_from_a_surname_with_its_first_name(
    name: str, parts: list[str]
) -> None:
    assert parts_apart(name) == parts


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("DUPONT JEAN", True),
        ("LE GOFF ANNE", True),
        ("LE GOFF Bernard", True),
        ("DUPONT J.", True),
        ("LE MOULIN BERNARD", False),
        ("Dupont, Directeur", False),
        ("Dupont Jean", False),
        ("DUPONT", False),
        ("12", False),
    ],
)
def test_a_line_is_a_name_only_where_that_is_certain(text: str, *, certain: bool) -> None:
    assert is_certain_name(text) is certain


@pytest.mark.parametrize(
    ("lines", "couple"),
    [
        (("DUPONT Jean", "DURAND Marie", "Le Bourg"), "DUPONT Jean et DURAND Marie"),
        (("Jean Dupont", "Mme DURAND Marie", "Le Bourg"), "Jean Dupont et Mme DURAND Marie"),
        (("Jean Dupont", "KER Anna", "Le Bourg"), ""),
        (("Jean Dupont", "DURAND Marie"), ""),
        (("Jean Dupont", "DURAND Marie", "12 rue Foch"), "Jean Dupont et DURAND Marie"),
        (("Jean Dupont", "RESIDENCE Martin", "12 rue Foch"), ""),
        (("SARL Machin", "DUPONT Jean", "12 rue Foch"), "SARL Machin ; DUPONT Jean"),
        (("Jean Dupont", "SARL Martin", "12 rue Foch"), ""),
    ],
)
def test_a_line_that_may_be_the_street_is_no_name(lines: tuple[str, ...], couple: str) -> None:
    address = PostalAddress(lines=(*lines, "35000 Rennes"))
    assert couple_on_lines(address, fields_of(address))[0] == couple


@pytest.mark.parametrize(
    "name",
    ["A M DUPONT", "A. Mme Durand", "Mme M Dupont", "Pour Dupont", "Attal Jean", "Mrs Dupont"],
)
def test_what_may_be_a_name_is_no_label(name: str) -> None:
    assert without_label(name) == name


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("D ORMESSON JEAN", "dormesson|j"),
        ("L' Hermite Anne", "lhermite|a"),
        ("Jean, Dupont", "dupont|j"),
        ("M. DUPONT-DURAND", "durand|"),
        ("Fam. DUPONT-DURAND", "durand|"),
        ("Famille DUPONT / MARTIN", "martin|"),
        ("Mc Donald John", "macdonald|j"),
        ("SARL Machin - Jean DUPONT", "dupont|j"),
        ("SARL Machin - Jean DUPONT", "machin|firm"),
    ],
)
def test_a_writing_means_this_person_too(name: str, person: str) -> None:
    assert person in people(name)


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("D. Ormesson", "dormesson|"),
        ("Martin, Jean", "jean|m"),
        ("Denis, Jean", "jean|d"),
        ("Jean DUPONT-DURAND", "durand|"),
        ("SARL Dupont, Jean Martin & Fils, Paris", "martin|j"),
        ("Famille Jean DUPONT / MARTIN", "martin|"),
    ],
)
def test_another_writing_does_not_mean_them(name: str, person: str) -> None:
    assert person not in people(name)


def test_each_of_many_people_beside_a_firm_is_meant() -> None:
    people = "SARL Roux, Jean Martin, Paul Bernard, Marie Robert, Luc Denis"
    named = {(person.initial, person.surname) for person in parse_recipients(people)}
    assert {("j", "martin"), ("p", "bernard"), ("m", "robert"), ("l", "denis")} <= named
