"""Everyone whom a name line means: one person, a couple, a household, or nobody in particular."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import NamedTuple

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.postal.fast_path import fast_name
from suppression.domain.identifiers.postal.folding import fold
from suppression.domain.identifiers.postal.names import NameReading, name_readings
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS

_CIVIL = WORD_SETS["civilities"]
_TRAILING_CIVIL = WORD_SETS["civilities_behind"]
_HOUSEHOLD = WORD_SETS["household"]
_AROUND_HOUSEHOLD = _HOUSEHOLD | {"les", "the"}
_NOBODY = WORD_SETS["nobody"]
_FIRMS = WORD_SETS["firms"]
_SEPARATOR = re.compile(r" ?[&+/] ?| (?:et|and|und|ou) ", re.IGNORECASE)
_BIRTH = re.compile(
    r"[ ,(](?:n[e\u00e9]e?|epouse|ep|epse|veuve|vve|nom d'usage|nom de naissance)[.:)]{0,2} ",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W\d_]+")
_UMLAUTS = {
    "\u00e4": "ae",
    "\u00f6": "oe",
    "\u00fc": "ue",
    "\u00c4": "Ae",
    "\u00d6": "Oe",
    "\u00dc": "Ue",
}
_UMLAUT_LETTERS = frozenset({*_UMLAUTS, "\u0308"})
_MOST_PERSONS = 6


class Person(NamedTuple):
    """A surname and an initial, '' for everyone of that name; `whole` is the first name."""

    surname: str
    initial: str = ""
    whole: str = ""
    firm: bool = False


def parse_recipients(name: str) -> list[Person]:
    """Everyone whom a name as someone wrote it means; the likeliest first, [] for nobody.

    >>> parse_recipients("M. Jean Dupont")
    [Person(surname='dupont', initial='j', whole='jean', firm=False)]
    >>> [(one.initial, one.surname) for one in parse_recipients("M. et Mme Dupont")]
    [('', 'dupont')]
    >>> [(one.initial, one.surname) for one in parse_recipients("Marie DUPONT née MARTIN")]
    [('m', 'dupont'), ('m', 'martin')]
    """
    plain = name.isascii() or _UMLAUT_LETTERS.isdisjoint(name)
    if plain and (quick := fast_name(fold(name))):
        return [Person(surname, given[0], given) for surname, given in quick]
    return parse_recipients_slowly(name)


def parse_recipients_slowly(name: str) -> list[Person]:
    """Everyone whom a name means, the long way: what the quick way must answer too."""
    persons = _all_persons(fold(name))
    spelled = unicodedata.normalize("NFC", name)
    if any(mark in spelled for mark in _UMLAUTS):
        for mark, letters in _UMLAUTS.items():
            spelled = spelled.replace(mark, letters)
        persons += _all_persons(fold(spelled))
    return list(dict.fromkeys(persons))


def _all_persons(text: str) -> list[Person]:
    text = _without_brackets(" ".join(text.split()))
    low = {word.lower() for word in _WORD.findall(text)}
    if low & _NOBODY:
        return []
    if low & _FIRMS:
        rest = sorted(word.lower() for word in _WORD.findall(text) if word.lower() not in _FIRMS)
        return [Person(surname="".join(rest), firm=True)] if rest else []
    couples = _SEPARATOR.split(text)
    if len(couples) == 1:
        return _one(couples[0])
    if len(couples) > _MOST_PERSONS:
        raise IdentifierParseError("malformed", "Send one person, or one couple, a time.")
    return _several(couples)


def _without_brackets(text: str) -> str:
    """Brackets hold a particle that belongs in front, a civility, or another surname."""
    for inner in _BRACKETS.findall(text):
        words = [word.lower() for word in _WORD.findall(inner)]
        if words and not set(words) - {"de", "du", "d", "la", "des", "le"}:
            return " ".join(words) + " " + text.replace(f"({inner})", " ")
        if not words or set(words) <= _CIVIL or (set(words) <= FIRST_NAMES and not inner.isupper()):
            return text.replace(f"({inner})", " ")
        begins = _BIRTH.match(f" {inner} ")
        return text.replace(f"({inner})", inner if begins else f" nee {inner}")
    return text


def _one(text: str) -> list[Person]:
    """One person, or the household of a surname; two surnames where a birth name is told."""
    words = [word.lower() for word in _WORD.findall(text)]
    if words[:1] == ["les"] or not _HOUSEHOLD.isdisjoint(words):
        bare = " ".join(word for word in text.split() if word.lower() not in _AROUND_HOUSEHOLD)
        return [
            Person(surname=reading.surname)
            for reading in name_readings(_without_civility(bare))[:1]
        ]
    sides = [_without_civility(side) for side in _BIRTH.split(f" {_without_civility(text)}")]
    sides = [side for side in sides if side]
    if len(sides) > 1:
        return _married(sides)
    return _of_readings(_side_readings(sides[0])) if sides else []


def _married(sides: list[str]) -> list[Person]:
    """Every surname with the first name that any side tells."""
    read = [_side_readings(side)[:1] for side in sides]
    readings = [reading for side in read for reading in side]
    given = next((reading.given for reading in readings if reading.given), ())
    return _of_readings([replace(reading, given=given) for reading in readings])


def _side_readings(text: str) -> list[NameReading]:
    """`Dupont, Jean`: the surname stands before the comma."""
    before, _, after = text.partition(",")
    given = tuple(word.lower() for word in _WORD.findall(_without_civility(after)))
    front = name_readings(before)
    if not given or not front:
        return front or name_readings(after)
    if not FIRST_NAMES.isdisjoint(front[0].given) and given[0] not in FIRST_NAMES:
        return front
    # An initial behind makes every word before it the surname.
    return [replace(name_readings(f"{before} X")[0], given=given)]


def _several(texts: list[str]) -> list[Person]:
    """A couple: `M. et Mme Dupont`, `Jean et Marie Dupont`, `M. Dupont et Mme Martin`."""
    bare = [_without_civility(text) for text in texts]
    named = [(text, part) for text, part in zip(texts, bare, strict=True) if part]
    if len(named) < len(texts):
        persons = [person for _, part in named for person in _one(part)[:1]]
        return [Person(surname=person.surname) for person in persons] + [
            person for person in persons if person.initial
        ]
    people: list[Person] = []
    shared = _shared_surname(bare)
    for text, part in named:
        alone = len(_WORD.findall(part)) == 1
        first_name = bool(alone and shared and part.lower() in FIRST_NAMES)
        if first_name and shared:
            people += _of_readings([replace(shared, given=(part.lower(),))])
        if not first_name or text.strip() != part:  # `M. Jean et Mme Dupont`: Jean may be either
            people += _one(text)
    return people


def _shared_surname(parts: list[str]) -> NameReading | None:
    """The surname that the fuller part tells, for a part that is only a first name."""
    full = [part for part in parts if len(_WORD.findall(part)) > 1]
    return name_readings(full[0])[0] if full and name_readings(full[0]) else None


def _without_civility(text: str) -> str:
    """Without `M.`, `Mme`, `Dr` in front, and the plain ones behind."""
    words = text.strip(" .,;:").split()
    while words and words[0].strip(".,").lower() in _CIVIL:
        words.pop(0)
    while len(words) > 1 and words[-1].strip(".,()").lower() in _TRAILING_CIVIL:
        words.pop()
    return " ".join(words).strip(" ,;")


def _of_readings(found: list[NameReading]) -> list[Person]:
    """A person for each reading, and for each part of a double surname (usage and birth name)."""
    people = []
    for reading in found:
        people.append(Person(surname=reading.surname, initial=reading.initial, whole=reading.whole))
        people += [
            Person(surname=part, initial=reading.initial)
            for part in reading.parts
            if reading.initial
        ]
    return people
