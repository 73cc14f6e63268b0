"""Surnames that are words of the tables, for a firm, a title or a household, have a reading too."""

from __future__ import annotations

import pytest

from tests.domain.identifiers.examples import people


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("M. DE SA", "desa|"),
        ("Mme Maria DE SA", "desa|m"),
        ("M. et Mme DE SA", "desa|"),
        ("Jean DUPONT et Maria DE SA", "desa|m"),
        ("Jean DUPONT ; Maria DE SA", "desa|m"),
        ("M. SA Jean", "sa|j"),
        ("Jean AG", "ag|j"),
        ("MAITRE Jean", "maitre|j"),
        ("M. MAITRE Jean", "maitre|j"),
        ("M. MAITRE", "maitre|"),
        ("M. et Mme MAITRE", "maitre|"),
        ("HERR Jean Paul", "herr|j"),
        ("MENAGE, Jean", "menage|j"),
        ("FOYER Jean", "foyer|j"),
        ("CAPITAINE Jean", "capitaine|j"),
        ("COLONEL, Jean", "colonel|j"),
        ("DON Jean", "don|j"),
        ("Jean JUNIOR", "junior|j"),
    ],
)
def test_a_word_of_a_table_may_be_a_surname(name: str, person: str) -> None:
    assert person in people(name)


@pytest.mark.parametrize(
    "name",
    [
        "SA Dupont et Fils",
        "SARL DE SA",
        "Maitre Jean Dupont",
        "Maitre",
        "MAITRE ABBE Jean",
        "MAITRE Jean Paul Luc",
        "SA Machin & A & B & C & D & E & F",
    ],
)
def test_beside_other_words_it_is_none(name: str) -> None:
    surnames = {person.partition("|")[0] for person in people(name)}
    assert surnames.isdisjoint({"sa", "desa", "maitre", "abbe"})


@pytest.mark.parametrize(
    ("name", "first"),
    [("M. DE SA", "dem|firm"), ("MAITRE Jean", "jean|"), ("AG Jean", "jean|firm")],
)
def test_the_older_reading_comes_first(name: str, first: str) -> None:
    """What an older version stored of it is still met."""
    assert people(name)[0] == first
