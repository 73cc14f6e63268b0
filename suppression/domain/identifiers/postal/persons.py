"""Everyone whom a name line means: one person, a couple, a household, or nobody in particular."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import NamedTuple

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.postal.names import Reading, readings
from suppression.domain.identifiers.postal.quick import quick_name
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS
from suppression.domain.identifiers.postal.words import folded

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
# What parts two people where it stands between two whole names: `Jean Dupont, Marie Durand`.
_APART = re.compile(r" ?[,;] ?| [-\u2013\u2014] ")
_PLAIN_CIVIL = _TRAILING_CIVIL - {"junior", "jr", "senior"} | {"m"}
_RELATION = re.compile(
    r"\b(?:son|sa) (?:epoux|epouse|mari|femme|compagne|compagnon|conjointe?|fils|fille)\b",
    re.IGNORECASE,
)
_AND = frozenset({"et", "and", "und", "ou"})
_HOST = re.compile(r"[ ,(]c/o\b.*", re.IGNORECASE)
_THE_FAMILY = re.compile(r"\bla (?=famille\b)", re.IGNORECASE)
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


def persons(name: str) -> list[Person]:
    """Everyone whom a name as someone wrote it means; the likeliest first, [] for nobody.

    >>> persons("M. Jean Dupont")
    [Person(surname='dupont', initial='j', whole='jean', firm=False)]
    >>> [(one.initial, one.surname) for one in persons("M. et Mme Dupont")]
    [('', 'dupont')]
    >>> [(one.initial, one.surname) for one in persons("Marie DUPONT née MARTIN")]
    [('m', 'dupont'), ('m', 'martin')]
    """
    plain = name.isascii() or _UMLAUT_LETTERS.isdisjoint(name)
    if plain and (quick := quick_name(folded(name))):
        return [Person(surname, given[0], given) for surname, given in quick]
    return slow_persons(name)


def slow_persons(name: str) -> list[Person]:
    """Everyone whom a name means, the long way: what the quick way must answer too."""
    spelled = [name]
    composed = unicodedata.normalize("NFC", name)
    if any(mark in composed for mark in _UMLAUTS):
        for mark, letters in _UMLAUTS.items():
            composed = composed.replace(mark, letters)
        spelled.append(composed)
    found = [one for text in spelled for one in _all_persons(folded(text))]
    # Behind these, so that what was stopped by 0.9.0 stands under the same forms as ever.
    found += [one for text in spelled for one in _told_apart(folded(text))]
    return list(dict.fromkeys(found))


def _told_apart(text: str) -> list[Person]:
    """Everyone, where two whole names stand in one line, or words that say who belongs to whom.

    >>> [(one.initial, one.surname) for one in _told_apart("M. Jean Dupont, Mme Marie Durand")]
    [('j', 'dupont'), ('m', 'durand')]
    >>> [(one.initial, one.surname) for one in _told_apart("La famille Dupont")]
    [('', 'dupont')]
    >>> _told_apart("Dupont, Marie")
    []
    """
    bare = " ".join(_THE_FAMILY.sub("", _RELATION.sub(" ", _HOST.sub("", text))).split())
    if not {word.lower() for word in _WORD.findall(bare)}.isdisjoint(_NOBODY | _FIRMS):
        return []
    parts = [part for side in _APART.split(bare) for part in _by_civility(side)]
    joined = " et ".join(parts)
    few = 1 < len(parts) <= len(_SEPARATOR.split(joined)) <= _MOST_PERSONS
    named = all(is_whole_name(part) or part.lower() in FIRST_NAMES for part in parts)
    if few and named and any(map(is_whole_name, parts)):
        return _all_persons(joined)
    return _all_persons(bare) if bare != " ".join(text.split()) else []


def _by_civility(text: str) -> list[str]:
    """`M. Jean Dupont Mme Marie Durand`: each civility begins somebody new."""
    parts: list[list[str]] = [[]]
    for word in text.split():
        civil = word.strip(".,").lower() in _PLAIN_CIVIL
        named = civil and _WORD.match(_without_civility(" ".join(parts[-1])))
        if named and parts[-1][-1].lower() not in _AND and _begins_civil(parts[0]):
            parts.append([])
        parts[-1].append(word)
    return [" ".join(part) for part in parts if part]


def _begins_civil(words: list[str]) -> bool:
    return words[0].strip(".,").lower() in _PLAIN_CIVIL


def is_whole_name(text: str) -> bool:
    """Whether this is a civility and a name, or a first name that we know and one that is none.

    >>> is_whole_name("Mme Durand"), is_whole_name("Marie Durand"), is_whole_name("Durand")
    (True, True, False)
    """
    words = [word.lower() for word in _WORD.findall(_without_civility(text))]
    if words and _begins_civil(text.split()):
        return True
    known = FIRST_NAMES.intersection(words)
    return bool(known) and len(words) > len(known)


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
        raise UnreadableIdentifierError("malformed", "Send one person, or one couple, a time.")
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
        return [Person(surname=one.surname) for one in readings(_without_civility(bare))[:1]]
    sides = [_without_civility(side) for side in _BIRTH.split(f" {_without_civility(text)}")]
    sides = [side for side in sides if side]
    if len(sides) > 1:
        return _married(sides)
    return _of_readings(_side_readings(sides[0])) if sides else []


def _married(sides: list[str]) -> list[Person]:
    """Every surname with the first name that any side tells."""
    read = [_side_readings(side)[:1] for side in sides]
    found = [one for side in read for one in side]
    given = next((one.given for one in found if one.given), ())
    return _of_readings([replace(one, given=given) for one in found])


def _side_readings(text: str) -> list[Reading]:
    """`Dupont, Jean`: the surname stands before the comma."""
    before, _, after = text.partition(",")
    given = tuple(word.lower() for word in _WORD.findall(_without_civility(after)))
    front = readings(before)
    if not given or not front:
        return front or readings(after)
    if not FIRST_NAMES.isdisjoint(front[0].given) and given[0] not in FIRST_NAMES:
        return front
    # An initial behind makes every word before it the surname.
    return [replace(readings(f"{before} X")[0], given=given)]


def _several(texts: list[str]) -> list[Person]:
    """A couple: `M. et Mme Dupont`, `Jean et Marie Dupont`, `M. Dupont et Mme Martin`."""
    bare = [_without_civility(text) for text in texts]
    named = [(text, part) for text, part in zip(texts, bare, strict=True) if part]
    if len(named) < len(texts):
        found = [one for _, part in named for one in _one(part)[:1]]
        return [Person(surname=one.surname) for one in found] + [
            one for one in found if one.initial
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


def _shared_surname(parts: list[str]) -> Reading | None:
    """The surname that the fuller part tells, for a part that is only a first name."""
    full = [part for part in parts if len(_WORD.findall(part)) > 1]
    return readings(full[0])[0] if full and readings(full[0]) else None


def _without_civility(text: str) -> str:
    """Without `M.`, `Mme`, `Dr` in front, and the plain ones behind."""
    words = text.strip(" .,;:").split()
    while words and words[0].strip(".,").lower() in _CIVIL:
        words.pop(0)
    while len(words) > 1 and words[-1].strip(".,()").lower() in _TRAILING_CIVIL:
        words.pop()
    return " ".join(words).strip(" ,;")


def _of_readings(found: list[Reading]) -> list[Person]:
    """A person for each reading, and for each part of a double surname (usage and birth name)."""
    people = []
    for one in found:
        people.append(Person(surname=one.surname, initial=one.initial, whole=one.whole))
        people += [Person(surname=part, initial=one.initial) for part in one.parts if one.initial]
    return people
