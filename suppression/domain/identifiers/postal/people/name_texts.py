"""The canonical texts of people at an address, and which of them are only less likely readings."""

from __future__ import annotations

import re
from itertools import filterfalse

from suppression.domain.identifiers.match_keys import CanonicalText, KeyUse, MatchKeyLabel
from suppression.domain.identifiers.postal.recipients import Person
from suppression.domain.identifiers.postal.tables import FIRST_NAMES

_UMLAUT = re.compile("([aou])e")
_PERSON = MatchKeyLabel.PERSON
_OF_PEOPLE = frozenset({MatchKeyLabel.PERSON, MatchKeyLabel.SURNAME})


def name_texts(key: str, people: list[Person]) -> list[CanonicalText]:
    """Return the canonical texts that depend on a name (steps 7 to 11), but not that for consents.

    A household is a surname without a first name. `surname` means everyone of that name: a
    household's stop is stored under it, and a person's check looks it up. `someone` means at least
    one person of that name: a person's stop is stored under it, and a household's check looks it
    up. So a household's stop applies to each of its persons; a person's stop denies letters to the
    household, but not to another person.
    """
    texts = []
    surnames = []
    for person in people:
        if person.firm:
            texts.append(CanonicalText(MatchKeyLabel.PERSON, f"{key}|{person.surname}|firm"))
        elif person.initial:
            texts.append(CanonicalText(_PERSON, f"{key}|{person.surname}|{person.initial}"))
            surnames.append(
                CanonicalText(MatchKeyLabel.SURNAME, f"{key}|{person.surname}|", KeyUse.LOOKUP)
            )
            surnames.append(
                CanonicalText(MatchKeyLabel.SOMEONE, f"{key}|{person.surname}|?", KeyUse.STORE)
            )
        else:
            texts.append(CanonicalText(MatchKeyLabel.SURNAME, f"{key}|{person.surname}|"))
            surnames.append(
                CanonicalText(MatchKeyLabel.SOMEONE, f"{key}|{person.surname}|?", KeyUse.LOOKUP)
            )
    return texts + surnames


def asked_texts(key: str, people: list[Person]) -> list[CanonicalText]:
    """Return the texts of these people and of everyone at an address key, only for lookup.

    The key may be somebody else's address: a stop under the texts denies, and no release lifts it.
    """
    return only_looked_up(
        [*name_texts(key, people), CanonicalText(MatchKeyLabel.WHOLE_ADDRESS, key)]
    )


def only_looked_up(texts: list[CanonicalText]) -> list[CanonicalText]:
    """Return those of `texts` that checks look up, each with the use LOOKUP instead of its own."""
    return [text._replace(use=KeyUse.LOOKUP) for text in texts if text.use.is_looked_up]


def with_readings(
    texts: list[CanonicalText], named: list[list[Person]], lines: list[list[Person]]
) -> list[CanonicalText]:
    """Return the texts of a name, all but the likeliest of each person labelled `READING`.

    `named` are the readings of each person, the likeliest first; `lines` are the readings of the
    whole name, by today's rules and by those of 0.9.0. A release counts a less likely one only in a
    stop that has all readings of a person, or of a line that is no double surname:
    `M.Jean Dupont` is stored as M. Dupont too, but a stop of Marie Dupont is not his.
    """
    likeliest = {text for readings in named for text in _stored(readings[:1])}
    labelled = [
        text._replace(label=MatchKeyLabel.READING)
        if text.label in _OF_PEOPLE and text.use is KeyUse.BOTH and _of_name(text) not in likeliest
        else text
        for text in texts
    ]
    if all(text.label is not MatchKeyLabel.READING for text in labelled):
        return texts
    sets = [*named, *map(_surnames, named), *filterfalse(_may_be_one_surname, lines)]
    return _numbered(labelled, [_stored(people) for people in sets if people[1:]])


def _numbered(texts: list[CanonicalText], readings: list[frozenset[str]]) -> list[CanonicalText]:
    """Return the texts with `people`: the numbers of the sets of readings that each is in.

    Every address key has sets of its own, one for each of `readings` that is stored there in full.
    """
    doors: dict[str, dict[str, CanonicalText]] = {}
    for text in texts:
        if text.use.is_stored and text.label is not MatchKeyLabel.WHOLE_ADDRESS:
            doors.setdefault(text.text.removesuffix(_of_name(text)), {})[_of_name(text)] = text
    sets = [
        {door + name for name in names}
        for door, known in doors.items()
        for names in dict.fromkeys(readings)
        if names <= known.keys()
    ]
    return [
        text._replace(people=tuple(at for at, same in enumerate(sets) if text.text in same))
        for text in texts
    ]


def _may_be_one_surname(readings: list[Person]) -> bool:
    """Return whether these readings may be those of another person with the same double surname.

    They are not if a half is a first name, as in `M.Jean Dupont`, read as M. Jeandupont.
    """
    halves = FIRST_NAMES.isdisjoint(person.surname for person in readings)
    return halves and len(readings) == len(_surnames(readings))


def _surnames(readings: list[Person]) -> list[Person]:
    """Return the likeliest reading, the halves of its double surname, and its umlauts spelled out.

    >>> double = [Person(name, "j") for name in ("petitroux", "petit", "roux", "jean")]
    >>> [person.surname for person in _surnames(double)]
    ['petitroux', 'petit', 'roux']
    """
    return [
        person
        for person in readings
        if person.initial == readings[0].initial
        and _UMLAUT.sub(r"\1", person.surname) in _UMLAUT.sub(r"\1", readings[0].surname)
    ]


def _stored(people: list[Person]) -> frozenset[str]:
    """Return the texts, without the address, under which a stop of these people is stored."""
    return frozenset(_of_name(text) for text in name_texts("|||", people) if text.use.is_stored)


def _of_name(text: CanonicalText) -> str:
    return text.text.split("|", 4)[-1]
