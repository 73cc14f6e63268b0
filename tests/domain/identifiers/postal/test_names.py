from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.postal.folding import fold
from suppression.domain.identifiers.postal.recipients import Person, _told_apart, parse_recipients
from tests.domain.identifiers.examples import people

NAMES: list[tuple[str, list[str]]] = [
    ("", []),
    ("M.", []),
    ("Occupant", []),
    ("À l'occupant", []),
    ("SARL", []),
    ("Jean", ["jean|"]),
    ("M. Dupont", ["dupont|"]),
    ("Jean DUPONT", ["dupont|j"]),
    ("Dupont, Jean", ["dupont|j"]),
    ("Dupont, M.", ["dupont|"]),
    (", Jean", ["jean|"]),
    ("Jean DUPONT, Directeur", ["dupont|j"]),
    ("Le Goff, Marie", ["legoff|m"]),
    ("JP Dupont", ["dupont|j"]),
    ("JP DUPONT", ["dupont|j"]),
    ("J P", ["p|j", "j|p"]),
    ("Dupont J", ["dupont|j"]),
    ("Dupont Jean M", ["dupont|j", "jean|d"]),
    ("Jean M Dupont", ["dupont|j"]),
    ("jean paul dupont", ["dupont|j"]),
    ("marie claude martin durand", ["durand|m"]),
    ("dupont jean paul", ["dupont|j", "jeanpaul|d", "jean|d", "paul|d"]),
    ("LI Wei", ["li|w"]),
    ("Jean St Martin", ["saintmartin|j"]),
    ("VILLEPIN (de) Dominique", ["devillepin|d"]),
    ("Dominique VILLEPIN de", ["devillepin|d"]),
    ("Jean Dupont (M.)", ["dupont|j"]),
    ("Jean Dupont ()", ["dupont|j"]),
    ("Marie DUPONT (née MARTIN)", ["dupont|m", "martin|m"]),
    ("Marie DUPONT (Martinet)", ["dupont|m", "martinet|m"]),
    ("Jean Dupont (Paul)", ["dupont|j"]),
    ("Mme née Martin", ["martin|"]),
    ("Famille", []),
    ("Les Dupont", ["dupont|"]),
    ("Dupont & Martin", ["dupont|", "martin|"]),
    ("Jean et Marie", ["jean|", "marie|"]),
    ("Marie Dupont et Jean", ["dupont|m", "dupont|j"]),
    ("M. et Mme", []),
    ("Jean Dupont Jr", ["dupont|j"]),
    ("SARL Dupont et Fils", ["dupontetfils|firm"]),
    ("Müller", ["muller|", "mueller|"]),
    ("123", []),
    ("& Dupont", ["dupont|"]),
    ("Dupont et Dupont Marie et (", ["dupont|", "dupont|m", "marie|d"]),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_means_these_people(name: str, expected: list[str]) -> None:
    assert sorted(people(name)) == sorted(expected)


def test_more_people_than_a_couple_and_children_are_refused() -> None:
    with pytest.raises(IdentifierParseError, match="one couple"):
        people("Jean et Paul et Marie et Anne et Luc et Eve et Max")


@pytest.mark.parametrize(
    ("name", "first", "both"),
    [
        ("M. Dupont, Mme Durand", ("d", "dupont"), {("", "dupont"), ("", "durand")}),
        ("Jean Dupont, Marie Durand", ("m", "dupont"), {("j", "dupont"), ("m", "durand")}),
        ("Jean, Marie Dupont", ("m", "jean"), {("j", "dupont"), ("m", "dupont")}),
        ("M. Jean DUPONT Mme Marie DURAND", ("j", "dupontdurand"), {("m", "durand")}),
        ("La famille Dupont", ("", "ladupont"), {("", "dupont")}),
        ("Jean Dupont et son épouse Marie", ("j", "dupont"), {("m", "dupont")}),
        ("Jean Dupont c/o Marie Durand", ("c", "dupont"), {("j", "dupont")}),
    ],
)
def test_two_names_in_one_line_are_two_people_behind_what_was_read_before(
    name: str, first: tuple[str, str], both: set[tuple[str, str]]
) -> None:
    persons = [(person.initial, person.surname) for person in parse_recipients(name)]
    assert first in persons
    assert both <= set(persons)


@pytest.mark.parametrize(
    "name",
    [
        "Dupont, Jean Pierre",
        "Martin, Jean",
        "M. le Dr Dupont",
        "Dupont - Durand",
        "Société X SARL, Jean Dupont",
        "M. Mme Dupont",
    ],
)
def test_one_name_stays_one(name: str) -> None:
    assert _told_apart(fold(name)) == []


def test_a_crowd_is_not_told_apart() -> None:
    assert _told_apart(", ".join(["Jean Dupont"] * 7)) == []
    assert _told_apart("Jean Dupont & Marie Dupont, " * 3 + "Paul Roux") == []
    assert _told_apart(" & ".join("ABCDEFG") + " Dupont c/o Roux") == []


def test_a_name_that_was_read_is_not_refused_for_what_is_glued_to_it() -> None:
    """`M.et` joins a seventh name; the line had six, and was taken."""
    assert parse_recipients("M.et Mme Roux et Petit et Durand et Dupont et Martin et Bernard")


@pytest.mark.parametrize(
    "name", ["M.Jean Dupont", "Attn: Jean Dupont", "A l'attention de Jean Dupont"]
)
def test_what_is_glued_to_a_name_or_written_before_it_is_no_part_of_it(name: str) -> None:
    assert Person("dupont", "j", "jean") in parse_recipients(name)
