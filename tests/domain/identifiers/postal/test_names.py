from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.postal.folding import fold
from suppression.domain.identifiers.postal.name_lines import without_label
from suppression.domain.identifiers.postal.people.later_people import _told_apart
from suppression.domain.identifiers.postal.people.people_apart import parse_recipients
from suppression.domain.identifiers.postal.recipients import Person
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
    ("SARL Dupont et Fils", ["dupontetfils|firm", "dupontfils|firm"]),
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


@pytest.mark.parametrize(
    "name",
    [
        ", ".join(["Jean Dupont"] * 7),
        "; ".join(["Mme Marie Durand"] * 7),
        " - ".join(["M. Dupont"] * 7),
        "Jean, Paul, Marie, Anne, Luc, Eve, Max Dupont",
        "M. Jean DUPONT " + "Mme Marie DURAND " * 6,
        "Jean Dupont & Marie Dupont, " * 3 + "Paul Roux",
        "Attn: " + ", ".join(["Jean Dupont"] * 7),
        "M. Jean Dupont\nMme Anne et Rose et Claire et Zoe et Lea et Eva Durand",
    ],
)
def test_a_crowd_is_refused_however_it_is_separated(name: str) -> None:
    """The text was read as one person, so a stop of one of the people did not deny it."""
    with pytest.raises(IdentifierParseError, match="one couple"):
        parse_recipients(name)


def test_six_names_are_read() -> None:
    names = [f"Jean {surname}" for surname in ("Roux", "Petit", "Blanc", "Noir", "Vert", "Gris")]
    assert {("roux", "j"), ("gris", "j")} <= {
        (person.surname, person.initial) for person in parse_recipients(", ".join(names))
    }
    assert len(_told_apart(fold(", ".join(names)))) == len(names)


def test_a_crowd_around_and_is_not_told_apart() -> None:
    assert _told_apart(" & ".join("ABCDEFG") + " Dupont c/o Roux") == []


@pytest.mark.parametrize(
    "name",
    [
        "Monsieur le Docteur Jean Dupont",
        "M. le Dr Jean Dupont",
        "Madame la Pr\u00e9sidente Jeanne Dupont",
        "Monsieur l'abb\u00e9 Jean Dupont",
        "Le Docteur Jean Dupont",
        "Le Colonel Jean Dupont",
        "L'abb\u00e9 Jean Dupont",
        "Le Dr. Jean DUPONT",
    ],
)
def test_a_rank_is_no_part_of_a_name(name: str) -> None:
    assert "dupont|j" in people(name)


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Monsieur le Maire Dupont", "dupont"),
        ("Le Docteur Dupont", "dupont"),
        ("MR-MME DURAND", "durand"),
        ("M.-Mme Durand", "durand"),
        ("Monsieur-Madame DURAND", "durand"),
    ],
)
def test_a_rank_or_a_couples_civilities_leave_the_surname(name: str, surname: str) -> None:
    assert f"{surname}|" in people(name)


@pytest.mark.parametrize("name", ["LE MAITRE Jean", "Monsieur le Maire", "LE GENERAL Anne-Marie"])
def test_a_surname_like_a_rank_is_read_as_before(name: str) -> None:
    assert without_label(name) == name


def test_a_name_that_was_read_is_not_refused_for_what_is_glued_to_it() -> None:
    """`M.et` adds a seventh name; the line has six without it, and was accepted before."""
    assert parse_recipients("M.et Mme Roux et Petit et Durand et Dupont et Martin et Bernard")


@pytest.mark.parametrize(
    "name", ["M.Jean Dupont", "Attn: Jean Dupont", "A l'attention de Jean Dupont"]
)
def test_what_is_glued_to_a_name_or_written_before_it_is_no_part_of_it(name: str) -> None:
    assert Person("dupont", "j", "jean") in parse_recipients(name)
