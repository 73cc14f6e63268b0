"""Surnames that version 0.9.0 invented: its stops under them are only looked up.

It read `NG, David` as somebody without a surname, and `LE, Anna` as Anna Lex.
"""

from __future__ import annotations

from dataclasses import replace

from suppression.domain.identifiers.postal.folding import fold, spellings
from suppression.domain.identifiers.postal.name_lines import (
    BIRTH,
    MAX_PERSONS,
    WORD,
    separated,
    without_civility,
)
from suppression.domain.identifiers.postal.names import (
    NameReading,
    are_initials,
    name_tokens,
    name_units,
    read_units,
)
from suppression.domain.identifiers.postal.recipients import Person, persons_of_readings
from suppression.domain.identifiers.postal.tables import FIRST_NAMES


def invented_persons(name: str) -> list[Person]:
    """Return the persons that version 0.9.0 took a received name for, with its invented surnames.

    Persons whose surname is in the name may be among them. Return [] for more than six names.

    >>> invented_persons("NG, David")
    [Person(surname='', initial='d', whole='david', firm=False)]
    >>> [(person.initial, person.surname) for person in invented_persons("LE, Anna")]
    [('a', 'lex')]
    >>> invented_persons("Jean Dupont, Directeur")
    []
    """
    persons: list[Person] = []
    for text in spellings(name):
        parts = separated(fold(text))
        for part in parts if len(parts) <= MAX_PERSONS else []:
            for side in BIRTH.split(f" {without_civility(part)}"):
                persons += persons_of_readings(_older_readings(without_civility(side)))
    return list(dict.fromkeys(persons))


def _older_readings(text: str) -> list[NameReading]:
    before, comma, after = text.partition(",")
    first_names = tuple(word.lower() for word in WORD.findall(without_civility(after)))
    front = read_units(name_units(name_tokens(before)))
    if not comma:
        reading = _older_reading(name_tokens(text))
        return [] if reading is None or reading.surname else [reading]
    if not (front and first_names):
        return []
    if not FIRST_NAMES.isdisjoint(front[0].given) and first_names[0] not in FIRST_NAMES:
        return []
    reading = _older_reading([*name_tokens(before), "X"])
    return [] if reading is None else [replace(reading, given=first_names)]


def _older_reading(tokens: list[str]) -> NameReading | None:
    """Return the likeliest reading of 0.9.0; without a surname if all words but one are letters."""
    units = name_units(tokens)
    words = [unit.text for unit in units if len(unit.text) > 1]
    if len(units) > 1 and len(words) == 1 and are_initials(words[0]):
        return NameReading(surname="", given=(words[0],))
    return next(iter(read_units(units)), None)
