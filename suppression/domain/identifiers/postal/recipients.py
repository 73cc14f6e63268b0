"""The persons, households and firms that a name line means, by the readings of version 0.9.0.

With `names.py` and `name_lines.py`, this reads names as steps 7 to 11 of post in
docs/identifiers.md say; `people/later_people.py` adds the readings that came later behind these.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.postal.name_lines import (
    BIRTH,
    MAX_PERSONS,
    SEPARATOR,
    WORD,
    without_brackets,
    without_civility,
)
from suppression.domain.identifiers.postal.names import (
    NameReading,
    name_readings,
    surname_before_comma,
)
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS

_HOUSEHOLD = WORD_SETS["household"]
AROUND_HOUSEHOLD = _HOUSEHOLD | {"les", "the"}
NOBODY = WORD_SETS["nobody"]
FIRMS = WORD_SETS["firms"]
ONE_COUPLE = "Send one person, or one couple, a time."


class Person(NamedTuple):
    """A person, a household or a firm that the name of a postal address means.

    `surname` and `whole` are lower-case letters without spaces or hyphens. `initial` is '' for a
    household and for a firm. `whole` is all first names in one word; '' without any, if one is
    initials, and for half of a double surname. `firm`: whether `surname` is the name of a firm, its
    words in alphabetical order.
    """

    surname: str
    initial: str = ""
    whole: str = ""
    firm: bool = False


def all_persons(text: str) -> list[Person]:
    """Return all persons whom a folded name may mean: nobody, a firm, one person or several.

    Raise IdentifierParseError for more than six names joined by `et`, `&` and the like.
    """
    text = without_brackets(" ".join(text.split()))
    lowered_words = {word.lower() for word in WORD.findall(text)}
    if lowered_words & NOBODY:
        return []
    if lowered_words & FIRMS:
        rest = sorted(word.lower() for word in WORD.findall(text) if word.lower() not in FIRMS)
        return [Person(surname="".join(rest), firm=True)] if rest else []
    return persons_of_names(text)


def persons_of_names(text: str) -> list[Person]:
    """Return all persons whom a folded name may mean, though it may have words of firms.

    Raise IdentifierParseError for more than six names joined by `et`, `&` and the like.
    """
    parts = SEPARATOR.split(text)
    if len(parts) == 1:
        return _parse_one(parts[0])
    if len(parts) > MAX_PERSONS:
        raise IdentifierParseError("malformed", ONE_COUPLE)
    return _parse_several(parts)


def _parse_one(text: str) -> list[Person]:
    """Return a person for each reading of one name, or a surname's household; [] without a name.

    A birth name adds a person with that surname, as the same person may be stored under it.
    """
    words = [word.lower() for word in WORD.findall(text)]
    if words[:1] == ["les"] or not _HOUSEHOLD.isdisjoint(words):
        bare = " ".join(word for word in text.split() if word.lower() not in AROUND_HOUSEHOLD)
        return [
            Person(surname=reading.surname) for reading in name_readings(without_civility(bare))[:1]
        ]
    sides = [without_civility(side) for side in BIRTH.split(f" {without_civility(text)}")]
    sides = [side for side in sides if side]
    if len(sides) > 1:
        return _with_birth_names(sides)
    return persons_of_readings(_side_readings(sides[0])) if sides else []


def _with_birth_names(sides: list[str]) -> list[Person]:
    """Return a person for each surname, each with the first names of the first side that has any.

    `sides` are the name and the birth names, without civilities.
    """
    likeliest = [_side_readings(side)[:1] for side in sides]
    readings = [reading for side_readings in likeliest for reading in side_readings]
    first_names = next((reading.given for reading in readings if reading.given), ())
    return persons_of_readings([replace(reading, given=first_names) for reading in readings])


def _side_readings(text: str) -> list[NameReading]:
    """Return the readings of a name, in which a comma may follow the surname: `Dupont, Jean`.

    In `Jean Dupont, retraite`, `Jean` is a known first name and `retraite` is not: the text behind
    the comma is then ignored.
    """
    before, _, after = text.partition(",")
    first_names = tuple(word.lower() for word in WORD.findall(without_civility(after)))
    front = name_readings(before)
    if not first_names or not front:
        return front or name_readings(after)
    if not FIRST_NAMES.isdisjoint(front[0].given) and first_names[0] not in FIRST_NAMES:
        return front
    return [replace(surname_before_comma(before), given=first_names)]


def _parse_several(texts: list[str]) -> list[Person]:
    """Return the persons of two or more names, such as a couple's.

    Examples: `M. et Mme Dupont`, a household; `Jean et Marie Roy`; `M. Roy et Mme Petit`.
    """
    bare = [without_civility(text) for text in texts]
    named = [(text, part) for text, part in zip(texts, bare, strict=True) if part]
    if len(named) < len(texts):
        persons = [person for _, part in named for person in _parse_one(part)[:1]]
        return [Person(surname=person.surname) for person in persons] + [
            person for person in persons if person.initial
        ]
    people: list[Person] = []
    shared = shared_surname(bare)
    for text, part in named:
        is_single_word = len(WORD.findall(part)) == 1
        first_name = bool(is_single_word and shared and part.lower() in FIRST_NAMES)
        if first_name and shared:
            people += persons_of_readings([replace(shared, given=(part.lower(),))])
        if not first_name or text.strip() != part:  # `M. Jean et Mme Dupont`: Jean may be either
            people += _parse_one(text)
    return people


def shared_surname(parts: list[str]) -> NameReading | None:
    """Return the likeliest reading of the first part with several words; None without such a part.

    A part that is only a first name shares its surname: `Jean` in `Jean et Marie Roy`.
    """
    full = [part for part in parts if len(WORD.findall(part)) > 1]
    return name_readings(full[0])[0] if full and name_readings(full[0]) else None


def persons_of_readings(readings: list[NameReading]) -> list[Person]:
    """Return a person for each reading, and for each half of a double surname with a first name.

    A double surname may consist of usage and birth name.
    """
    people = []
    for reading in readings:
        people.append(Person(surname=reading.surname, initial=reading.initial, whole=reading.whole))
        people += [
            Person(surname=part, initial=reading.initial)
            for part in reading.parts
            if reading.initial
        ]
    return people
