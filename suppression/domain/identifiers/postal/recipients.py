"""The recipients that a name line names: a person, a couple, a household, a firm, or nobody.

With `names.py` and `name_lines.py`, this reads names as steps 7 to 11 of post in
docs/identifiers.md say; `free_lines.py` finds a couple on two lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.postal.fast_path import fast_name
from suppression.domain.identifiers.postal.folding import UMLAUTS, fold, spellings
from suppression.domain.identifiers.postal.name_lines import (
    BIRTH,
    MAX_PERSONS,
    SEPARATOR,
    WORD,
    labels_off,
    separated,
    without_brackets,
    without_civility,
    without_relations,
)
from suppression.domain.identifiers.postal.names import NameReading, name_readings
from suppression.domain.identifiers.postal.names_apart import (
    is_crowd,
    parts_apart,
    parts_beside_firm,
    surnames_of_family,
)
from suppression.domain.identifiers.postal.plain_names import (
    firm_name,
    given_name_first,
    is_read_again,
    later_readings,
    plain_name,
)
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS

_HOUSEHOLD = WORD_SETS["household"]
_AROUND_HOUSEHOLD = _HOUSEHOLD | {"les", "the"}
_NOBODY = WORD_SETS["nobody"]
_FIRMS = WORD_SETS["firms"]
# So many readings of an unusual name are added at most.
_MAX_LATER = 8
_MAX_BESIDE_FIRM = 4 * MAX_PERSONS
_ONE_COUPLE = "Send one person, or one couple, a time."
_UMLAUT_LETTERS = frozenset({*UMLAUTS, "\u0308"})


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


def parse_recipients(name: str) -> list[Person]:
    """Return all persons, households or firms that a received name may mean; [] for nobody.

    The likeliest reading of one person's name comes first. Raise IdentifierParseError for more than
    six names joined by `et`, `&`, commas and the like.

    >>> parse_recipients("M. Jean Dupont")
    [Person(surname='dupont', initial='j', whole='jean', firm=False)]
    >>> [(person.initial, person.surname) for person in parse_recipients("M. et Mme Dupont")]
    [('', 'dupont')]
    >>> [(person.initial, person.surname) for person in parse_recipients("Marie DUPONT née MARTIN")]
    [('m', 'dupont'), ('m', 'martin')]
    """
    plain = name.isascii() or _UMLAUT_LETTERS.isdisjoint(name)
    if plain and (fast := fast_name(fold(name))):
        return [Person(surname, first_names[0], first_names) for surname, first_names in fast]
    return parse_recipients_slowly(name)


def parse_recipients_slowly(name: str) -> list[Person]:
    """Return all persons whom a name may mean, by the slow path, which the fast path must equal.

    Raise IdentifierParseError for more than six names joined by `et`, `&`, commas and the like.
    """
    spelled = spellings(name)
    persons = [person for text in spelled for person in all_persons(fold(text))]
    # These come last: the order of the match keys remains as version 0.9.0 stored it.
    persons += [person for text in spelled for person in _told_apart(fold(text))]
    texts = [plainer for text in spelled for plainer in labels_off(fold(text))]
    for plainer in texts:
        if plainer not in map(fold, spelled) and len(separated(plainer)) <= MAX_PERSONS:
            persons += [*all_persons(plainer), *_told_apart(plainer)]
    for plainer in texts:
        persons += _later_persons(" ".join(plainer.split()))
    return list(dict.fromkeys(persons))


def _later_persons(text: str) -> list[Person]:
    """Return the persons, households and firms of readings that were added since 0.9.0.

    `text` is folded and has no label.

    >>> [(person.initial, person.surname) for person in _later_persons("Mme O. Martin")]
    [('o', 'martin')]
    >>> _later_persons("M. Jean Dupont")
    []
    """
    if not is_read_again(text):
        return []
    if firm := firm_name(text):
        beside = [person for part in parts_beside_firm(text) for person in _firm_or_person(part)]
        return [Person(surname=firm, firm=True), *beside[:_MAX_BESIDE_FIRM]]
    plain = plain_name(text)
    parts = separated(plain)
    if len(parts) > MAX_PERSONS or not _NOBODY.isdisjoint(WORD.findall(plain.lower())):
        return []
    persons = [] if plain == text else all_persons(plain)
    for part in parts:
        persons += _later_persons_of_part(part, household=len(parts) > 1)
    households = [Person(surname=surname) for surname in surnames_of_family(plain)]
    return persons[:_MAX_LATER] + households


def _firm_or_person(part: str) -> list[Person]:
    firm = firm_name(part)
    return [Person(surname=firm, firm=True)] if firm else parse_recipients_slowly(part)


def _later_persons_of_part(part: str, *, household: bool) -> list[Person]:
    """Return the persons of one name by readings that were added since 0.9.0.

    `household`: whether a reading without a first name counts: the line has several names.
    """
    words = [word for word in part.split() if word.strip(".").lower() not in _AROUND_HOUSEHOLD]
    bare = without_civility(" ".join(words))
    civil = bare != " ".join(part.split()).strip(" .,;:")
    before, comma, after = bare.partition(",")
    readings = [reading for reading in name_readings(before) if comma and reading.given]
    sides = BIRTH.split(f" {bare}")
    if comma and not FIRST_NAMES.isdisjoint(before.lower().split()):
        sides.append(before)
    for side in sides:
        readings += later_readings(side, civil=civil)
    persons = persons_of_readings(readings + given_name_first(before, after))
    if not (civil or household):
        return [person for person in persons if person.initial]
    surname = next(iter(name_readings(bare)), None)
    halves = surname.parts if surname and not surname.given else ()
    return persons + [Person(surname=half) for half in halves]


def _told_apart(text: str) -> list[Person]:
    """Return the persons of a folded name line with `c/o ...`, `La famille` or `son epouse`.

    The separators of `parts_apart` count like `et`. Return [] if nothing was left out or
    separated so, for nobody (`occupant`), for a firm, and for more than six names around `et`.
    Raise IdentifierParseError for more than six that are separated so.

    >>> couple = _told_apart("M. Jean Dupont, Mme Marie Durand")
    >>> [(person.initial, person.surname) for person in couple]
    [('j', 'dupont'), ('m', 'durand')]
    >>> [(person.initial, person.surname) for person in _told_apart("La famille Dupont")]
    [('', 'dupont')]
    >>> _told_apart("Dupont, Marie")
    []
    """
    bare = without_relations(text)
    if not {word.lower() for word in WORD.findall(bare)}.isdisjoint(_NOBODY | _FIRMS):
        return []
    if parts := parts_apart(bare):
        if is_crowd(parts):
            raise IdentifierParseError("malformed", _ONE_COUPLE)
        return all_persons(" et ".join(parts))
    if len(separated(bare)) > MAX_PERSONS:
        return []
    return all_persons(bare) if bare != " ".join(text.split()) else []


def all_persons(text: str) -> list[Person]:
    """Return all persons whom a folded name may mean: nobody, a firm, one person or several.

    Raise IdentifierParseError for more than six names joined by `et`, `&` and the like.
    """
    text = without_brackets(" ".join(text.split()))
    lowered_words = {word.lower() for word in WORD.findall(text)}
    if lowered_words & _NOBODY:
        return []
    if lowered_words & _FIRMS:
        rest = sorted(word.lower() for word in WORD.findall(text) if word.lower() not in _FIRMS)
        return [Person(surname="".join(rest), firm=True)] if rest else []
    parts = SEPARATOR.split(text)
    if len(parts) == 1:
        return _parse_one(parts[0])
    if len(parts) > MAX_PERSONS:
        raise IdentifierParseError("malformed", _ONE_COUPLE)
    return _parse_several(parts)


def _parse_one(text: str) -> list[Person]:
    """Return a person for each reading of one name, or a surname's household; [] without a name.

    A birth name adds a person with that surname, as the same person may be stored under it.
    """
    words = [word.lower() for word in WORD.findall(text)]
    if words[:1] == ["les"] or not _HOUSEHOLD.isdisjoint(words):
        bare = " ".join(word for word in text.split() if word.lower() not in _AROUND_HOUSEHOLD)
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
    # An initial added behind makes every word before it the surname.
    return [replace(name_readings(f"{before} X")[0], given=first_names)]


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
