"""The readings of a name line that were added since 0.9.0, behind those of `recipients.py`.

This is part of steps 7 to 11 of post in docs/identifiers.md; `free_lines.py` finds a couple on two
lines.
"""

from __future__ import annotations

from dataclasses import replace

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.postal.folding import fold, spellings
from suppression.domain.identifiers.postal.name_lines import (
    BIRTH,
    MAX_PERSONS,
    WORD,
    labels_off,
    separated,
    without_civility,
    without_relations,
)
from suppression.domain.identifiers.postal.names import name_readings
from suppression.domain.identifiers.postal.names_apart import (
    is_crowd,
    names_beside,
    parts_apart,
    parts_beside_firm,
    surnames_of_family,
)
from suppression.domain.identifiers.postal.people.table_words import (
    FIRM_SURNAMES,
    firm_may_be_surname,
    title_readings,
)
from suppression.domain.identifiers.postal.plain_names import (
    firm_name,
    given_name_first,
    is_read_again,
    later_readings,
    plain_name,
    two_surnames,
)
from suppression.domain.identifiers.postal.recipients import (
    AROUND_HOUSEHOLD,
    FIRMS,
    NOBODY,
    ONE_COUPLE,
    Person,
    all_persons,
    persons_of_names,
    persons_of_readings,
    shared_surname,
)
from suppression.domain.identifiers.postal.tables import FIRST_NAMES

# So many readings of an unusual name are added at most.
_MAX_LATER = 8
_MAX_BESIDE_FIRM = 4 * MAX_PERSONS


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
        people = _despite_firm(text)[:_MAX_LATER]
        return [Person(surname=firm, firm=True), *beside[:_MAX_BESIDE_FIRM], *people]
    plain = plain_name(text)
    parts = separated(plain)
    if len(parts) > MAX_PERSONS or not NOBODY.isdisjoint(WORD.findall(plain.lower())):
        return []
    persons = [] if plain == text else all_persons(plain)
    persons += persons_of_readings([reading for part in parts for reading in title_readings(part)])
    for part in parts:
        persons += _later_persons_of_part(part, household=len(parts) > 1)
    persons += _born_otherwise(parts)
    households = [Person(surname=surname) for surname in surnames_of_family(plain)]
    return persons[:_MAX_LATER] + households


def _despite_firm(text: str) -> list[Person]:
    """Return the persons of a folded name line whose word for a firm may be a surname (`DE SA`)."""
    if FIRM_SURNAMES.isdisjoint(WORD.findall(text.lower())):
        return []
    parts = separated(" et ".join(parts_apart(text)) or text)
    if len(parts) > MAX_PERSONS or not firm_may_be_surname(parts):
        return []
    persons = persons_of_names(" et ".join(parts))
    for part in parts:
        persons += _later_persons_of_part(part, household=len(parts) > 1)
    return persons


def _firm_or_person(part: str) -> list[Person]:
    firm = firm_name(part)
    return [Person(surname=firm, firm=True)] if firm else parse_recipients_slowly(part)


def _later_persons_of_part(part: str, *, household: bool) -> list[Person]:
    """Return the persons of one name by readings that were added since 0.9.0.

    `household`: whether a reading without a first name counts: the line has several names.
    """
    words = [word for word in part.split() if word.strip(".").lower() not in AROUND_HOUSEHOLD]
    bare = without_civility(" ".join(words))
    civil = bare != " ".join(part.split()).strip(" .,;:")
    before, comma, after = bare.partition(",")
    readings = [reading for reading in name_readings(before) if comma and reading.given]
    sides = BIRTH.split(f" {bare}")
    if comma and not FIRST_NAMES.isdisjoint(before.lower().split()):
        sides.append(before)
    for side in sides:
        readings += later_readings(side, civil=civil)
    readings += two_surnames(bare) if civil else []
    persons = persons_of_readings(readings + given_name_first(before, after))
    if not (civil or household):
        return [person for person in persons if person.initial]
    surname = next(iter(name_readings(bare)), None)
    halves = surname.parts if surname and not surname.given else ()
    return persons + [Person(surname=half) for half in halves]


def _born_otherwise(parts: list[str]) -> list[Person]:
    """Return a couple's second person by the first one's surname, if she has only a birth name.

    >>> [(person.initial, person.surname)
    ...  for person in _born_otherwise(["M. DUPONT Jean", "Mme nee DURAND Marie"])]
    [('m', 'dupont')]
    """
    shared = shared_surname(list(map(without_civility, parts[:1])))
    people: list[Person] = []
    for part in parts[1:] if shared else []:
        before, *births = BIRTH.split(f" {without_civility(part)}")
        birth = next(iter(name_readings(births[0])), None) if births else None
        first_names = tuple(before.lower().split()) or (birth.given if birth else ())
        if birth and shared and FIRST_NAMES.issuperset(first_names) and first_names:
            people += persons_of_readings([replace(shared, given=first_names)])
    return people


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
    if not {word.lower() for word in WORD.findall(bare)}.isdisjoint(NOBODY | FIRMS):
        return []
    if parts := parts_apart(bare):
        if is_crowd(parts):
            raise IdentifierParseError("malformed", ONE_COUPLE)
        line = " et ".join(parts)
        return all_persons(line) + _later_persons(line)
    if len(separated(bare)) > MAX_PERSONS:
        return []
    if beside := names_beside(bare):
        others = [] if bare == " ".join(text.split()) else all_persons(bare) + _later_persons(bare)
        return all_persons(" et ".join(beside[:MAX_PERSONS])) + others
    if bare != " ".join(text.split()):
        return all_persons(bare) + _later_persons(bare)
    return []
