"""Names of all sorts match in many writings the plain writing, as in `Jean DUPONT`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product

from faker.providers.person.fr_FR import Provider

from suppression.domain.identifiers.postal.people.people_apart import parse_recipients
from suppression.domain.identifiers.postal.recipients import Person
from tests.length import length

SURNAMES = (
    *("Martin", "Bernard", "Michel", "d'Ornano", "de La Fontaine", "Le Goff", "O'Brien"),
    *("McCarthy", "Pereira Dos Santos", "Ben Ali", "El Khatib", "Van Den Berg", "Saint-Martin"),
    *("L\u00ea", "Do", "Roy", "Durand de La Penne", "Da Silva", "Dupont"),
)
CIVILITIES = ("M.", "Mme", "MR", "Monsieur", "Madame", "Dr", "Mlle", "M")


def writings(first: str, last: str) -> Iterator[str]:
    """Yield the writings of a person's name that files and forms have."""
    capitals, initial = _plain(last).upper(), first[0]
    yield from (f"{first} {last}", f"{first} {capitals}", f"{capitals} {first}")
    yield from (f"{last} {first}", f"{_plain(first).upper()} {capitals}")
    yield from (f"{capitals} {_plain(first).upper()}", f"{first} {last}".lower())
    yield from (f"{last} {first}".lower(), f"{last}, {first}", f"{capitals}, {first}")
    yield from (f"{initial}. {last}", f"{initial} {capitals}", f"{capitals} {initial}.")
    yield from (f"{civility} {first} {last}" for civility in CIVILITIES)
    yield from (f"M. {capitals} {first}", f"M.{first} {capitals}", f"M. {initial}. {last}")
    yield from (f"M. {last}", f"Famille {last}", f"M. et Mme {last}", f"Le Docteur {first} {last}")
    yield from (f"\u00c0 l'attention de {first} {last}", f"{first} {last}, Directeur")


def test_nearly_all_writings_of_a_name_meet_its_plain_writing() -> None:
    firsts = sorted(Provider.first_names)[:: length(12, long=1)]
    tried, missed = 0, []
    for first, last in product(firsts, SURNAMES):
        stored, lookups = _keys(f"{first} {_plain(last).upper()}")
        for written in writings(first, last):
            tried += 1
            other_stored, other_lookups = _keys(written)
            if not (stored & other_lookups and other_stored & lookups):
                missed.append(written)
    assert tried > 3_000
    assert len(missed) <= tried * 0.01, missed


def _plain(text: str) -> str:
    marks = unicodedata.normalize("NFD", text)
    return "".join(char for char in marks if not unicodedata.combining(char))


def _keys(name: str) -> tuple[set[str], set[str]]:
    """Return the keys under which a stop of a name is stored, and those that a check looks up."""
    people = parse_recipients(name)
    stored = {key for person in people for key in _key(person, "?")}
    lookups = {key for person in people for key in _key(person, "")}
    return stored, lookups


def _key(person: Person, behind: str) -> tuple[str, str]:
    """Return a person's key, and that of their surname, which ends in `behind`.

    For a household it is the surname's key first, then that of someone of that surname.
    """
    if person.initial:
        return f"{person.surname}|{person.initial}", f"{person.surname}|{behind}"
    return f"{person.surname}|", f"{person.surname}|{'' if behind else '?'}"
