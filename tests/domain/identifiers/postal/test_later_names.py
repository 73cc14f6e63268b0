"""Readings of names that version 0.9.0 did not have come after the older readings."""

from __future__ import annotations

import pytest

from suppression.domain.identifiers.postal.people.people_apart import parse_recipients
from suppression.domain.identifiers.postal.recipients import Person
from tests.domain.identifiers.examples import people

SAME = [
    ("O. MARTIN", "martin|o"),
    ("MARTIN O.", "martin|o"),
    ("Mme O. Martin", "martin|o"),
    ("J L PETIT", "petit|j"),
    ("J-L PETIT", "petit|j"),
    ("Jean DUPONT EI", "dupont|j"),
    ("J.-L. MARTIN", "martin|j"),
    ("J.L. Martin", "martin|j"),
    ("P.O. PETIT", "petit|p"),
    ("M.-L. PETIT", "petit|m"),
    ("AL PETIT", "petit|a"),
    ("Jean L. MARTIN", "martin|j"),
    ("Jean D. Martin", "martin|j"),
    ("DUPONT JEAN N", "dupont|j"),
    ("M. et Mme O. Petit", "petit|o"),
    ("Ben RAULT", "rault|b"),
    ("Jean LE", "le|j"),
    ("J. LE", "le|j"),
    ("Le Minh", "le|m"),
    ("Van Minh NGUYEN", "nguyen|v"),
    ("NGUYEN VAN MINH", "nguyen|v"),
    ("NGUYEN THI HONG", "nguyen|t"),
    ("THI HONG LE BIHAN", "lebihan|t"),
    ("Jo\u00e3o PEREIRA DOS SANTOS", "dossantos|j"),
    ("Jo\u00e3o PEREIRA DOS SANTOS", "pereira|j"),
    ("Jo\u00e3o LI DOS SANTOS", "dossantos|j"),
    ("M. et Mme PEREIRA DOS SANTOS", "pereiradossantos|"),
    ("Famille PEREIRA DOS SANTOS", "pereiradossantos|"),
    ("M. DURAND DE LA PENNE", "duranddelapenne|"),
    ("Patrick McCarthy", "maccarthy|p"),
    ("Fr\u00e8re Jean Dupont", "dupont|j"),
    ("Cdt Jean Dupont", "dupont|j"),
    ("Jean DUPONT II", "dupont|j"),
    ("ORNANO (d') Jean", "dornano|j"),
    ("H\u00e9ritiers de Jean Dupont", "dupont|j"),
    ("Succession d'Ornano", "ornano|"),
    ("DUPONT Jean, Pierre", "dupont|j"),
    ("Marie DUPONT n\u00e9e O. MARTIN", "martin|o"),
    ("SASU Dupont", "dupont|firm"),
    ("Dupont (SASU)", "dupont|firm"),
    ("S.A.R.L. Dupont", "dupont|firm"),
    ("S.C.I. Dupont", "dupont|firm"),
    ("MARTIN S.A.", "martin|firm"),
    ("St\u00e9 Dupont", "dupont|firm"),
    ("Ets Dupont", "dupont|firm"),
    ("SAS L'Atelier", "latelier|firm"),
    ("SARL Dupont & Fils", "dupontfils|firm"),
    ("SARL DUPONT ET FILS", "dupontfils|firm"),
]


@pytest.mark.parametrize(("name", "person"), SAME)
def test_a_name_in_an_unusual_writing_means_this_person_too(name: str, person: str) -> None:
    assert person in people(name)


@pytest.mark.parametrize(
    ("surname_first", "usual"),
    [
        ("MARTIN YOANN", "Yoann MARTIN"),
        ("MR MARTIN YOANN", "Yoann MARTIN"),
        ("Robert Oussama", "Oussama ROBERT"),
        ("thomas abdelkader", "Abdelkader Thomas"),
    ],
)
def test_a_first_name_that_is_a_surname_as_often_is_read_in_both_orders(
    surname_first: str, usual: str
) -> None:
    assert people(usual)[0] in people(surname_first)


@pytest.mark.parametrize(
    "name",
    [
        "M. Jean Dupont",
        "Jean de La Fontaine",
        "DE LA FONTAINE JEAN",
        "Jean Le Goff",
        "LE GOFF JEAN",
        "Jean St Martin",
        "Dupont, M.",
        "Jean DUPONT, Directeur",
    ],
)
def test_a_usual_name_means_nobody_else(name: str) -> None:
    assert len(people(name)) == 1


def test_what_was_read_before_stays_first() -> None:
    assert parse_recipients("O. MARTIN")[0] == Person("omartin")
    assert parse_recipients("Jean LE")[0] == Person("lejean")


@pytest.mark.parametrize("name", ["M. et Mme O. Petit", "SARL O. Petit, Occupant", "Occupant D"])
def test_nobody_is_made_of_civilities_alone(name: str) -> None:
    assert all(person.surname for person in parse_recipients(name))


def test_a_crowd_has_no_later_readings() -> None:
    six = "Jean et Paul et Marie et Anne et Luc et O. Petit"
    assert people(six)
    assert people(f"M.et {six}")
