"""The people whom a name line names: each person apart, the likeliest reading first.

To a release the likeliest reading names the person. Another one counts only in a stop that has all
readings of the person or of the line.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest

from suppression.domain.identifiers.postal.fast_path import fast_name
from suppression.domain.identifiers.postal.folding import UMLAUTS, fold, spellings
from suppression.domain.identifiers.postal.name_lines import (
    AND,
    MAX_PERSONS,
    PLAIN_CIVILITIES,
    RELATION,
    separated,
    without_civility,
    without_label,
    without_relations,
)
from suppression.domain.identifiers.postal.names_apart import is_crowd, parts_apart
from suppression.domain.identifiers.postal.people.later_people import parse_recipients_slowly
from suppression.domain.identifiers.postal.recipients import (
    Person,
    all_persons,
    persons_of_readings,
    shared_surname,
)
from suppression.domain.identifiers.postal.tables import FIRST_NAMES

_AROUND = " .,;:&+/-"
_APART = re.compile(r"[;|,]| [-\u2013\u2014] ")
_UMLAUT_LETTERS = frozenset({*UMLAUTS, "\u0308"})


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


def people_apart(name: str) -> list[list[Person]]:
    """Return the readings of each person whom a received name names, the likeliest first.

    Each part of the name is read by itself.

    >>> couple = people_apart("M. Paul Roux / Mme Rose Petit")
    >>> [[(person.initial, person.surname) for person in readings] for readings in couple]
    [[('p', 'roux')], [('r', 'petit')]]
    >>> [[person.surname for person in readings] for readings in people_apart("M. et Mme Roux")]
    [['roux']]
    """
    in_spellings = [_in_one_spelling(text) for text in spellings(name)]
    return [
        list(dict.fromkeys(person for readings in same for person in readings))
        for same in zip_longest(*in_spellings, fillvalue=[])
    ]


def names_several(name: str) -> bool:
    """Return whether a received name may name more than one person, however it joins them.

    >>> names_several("Jean et Marie Dupont"), names_several("M. Jean Dupont, Mme Marie Durand")
    (True, True)
    >>> names_several("Marie DUPONT n\u00e9e MARTIN"), names_several("Dupont, Marie")
    (False, False)
    """
    text = without_label(" ".join(fold(name).split()))
    return len(separated(text)) > 1 or bool(RELATION.search(text) or _apart(text))


def may_be_read(name: str) -> bool:
    """Return whether a name has at most six parts, the most that can be read, by any separator."""
    text = fold(name)
    parts = _apart(text)
    return len(separated(text)) <= MAX_PERSONS and not (parts and is_crowd(parts))


def _apart(text: str) -> list[str]:
    """Return the result of `parts_apart`, without calling it for a name with no separator."""
    if (
        _APART.search(text)
        or text.split(" ", maxsplit=1)[0].strip(".,").lower() in PLAIN_CIVILITIES
    ):
        return parts_apart(text)
    return []


def older_people(name: str) -> list[Person]:
    """Return the persons whom version 0.9.0 took a name for: its stops are stored under them."""
    return list(
        dict.fromkeys(person for text in spellings(name) for person in all_persons(fold(text)))
    )


def one_person(name: str, people: list[Person]) -> list[list[Person]]:
    """Return `people`, the readings of one person's name, in the form of `people_apart`.

    Return [] if the likeliest reading is not certain, because a label or a glued civility changes
    it: `M.Dupont` may be a household.
    """
    plainer = without_label(fold(name))
    certain = plainer == fold(name) or people[:1] == parse_recipients(plainer)[:1]
    return [people] if certain else []


def _bare(part: str) -> str:
    """Return a part of a name line without the signs and the `et` around it."""
    words = part.strip(_AROUND).split()
    while words and words[0].lower() in AND:
        words.pop(0)
    while words and words[-1].lower() in AND:
        words.pop()
    return " ".join(words).strip(_AROUND)


def _in_one_spelling(name: str) -> list[list[Person]]:
    bare = without_relations(without_label(" ".join(fold(name).split())))
    line = " et ".join(parts_apart(bare)) or bare
    parts = [part for part in map(_bare, separated(line)) if part and may_be_read(part)]
    civil = [without_civility(part) for part in parts]
    shared = shared_surname(list(filter(None, civil)))
    people: list[list[Person]] = []
    for at, (part, bare_part) in enumerate(zip(parts, civil, strict=True)):
        if not all(civil[max(at - 1, 0) : at + 2]):  # `M. et Mme Dupont`
            likeliest = parse_recipients(part)[:1]
            people += [[Person(surname=person.surname)] for person in likeliest]
            people.append([person for person in likeliest if person.initial])
        elif shared and bare_part.lower() in FIRST_NAMES:
            given = (bare_part.lower(),)
            people.append(persons_of_readings([replace(shared, given=given)]))
        else:
            people.append(parse_recipients(part))
    return [readings for readings in people if readings]
