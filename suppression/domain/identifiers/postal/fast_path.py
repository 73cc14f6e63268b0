"""The fast path for plain lines and names, which contain nothing that needs interpretation.

`fast_street` and `fast_name` return the slow path's result, or nothing (None or ()) to leave a text
to the slow path; tests compare the two. One difference is known: in a line such as `porte d'arc`,
the slow path takes `porte d` for a unit.
"""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.plain_lines import COMPLEMENTS, PLACES_BEHIND
from suppression.domain.identifiers.postal.plain_names import LATER_WORDS
from suppression.domain.identifiers.postal.plain_words import LATER_STREET_WORDS
from suppression.domain.identifiers.postal.tables import (
    BOXES,
    FIGURES,
    FIRST_NAMES,
    GROUND_FLOOR,
    MONTHS,
    ORDINALS,
    STREETS,
    SURNAMES_TOO,
    UNITS,
    WORD_SETS,
)

_FRENCH = STREETS["fr"]
_TYPES = _FRENCH.types
_ARTICLES = WORD_SETS["articles"]
_PLAIN_LINE = re.compile(r"(?:0*([1-9][0-9]{0,4})(?: ?(bis|ter))?,? )?([a-z]+)[. ] ?([a-z' -]+)")
# `McCarthy` is `Mac Carthy` too.
_PLAIN_NAME = re.compile(r"(?![Mm][Cc])([A-Za-z]{3,})(-[A-Za-z]{3,})? (?![Mm][Cc])([A-Za-z]{3,})")


def _special_words() -> frozenset[str]:
    """Return every word of a street that the slow path treated specially in 0.9.0."""
    changed = {word for word, meant in _FRENCH.words.items() if word != meant}
    letters = set("abcdefghijklmnopqrstuvwxyz")
    sets = (
        MONTHS,
        ORDINALS,
        UNITS,
        BOXES,
        GROUND_FLOOR,
        FIGURES["roman"],
        FIGURES["spoken"],
        _FRENCH.phrase_words,
    )
    special = changed | letters | set(_FRENCH.estates) | {"chez", "attention"}
    second_words = {word for phrase in _FRENCH.phrases for word in phrase[1:]}
    return frozenset(special | second_words).union(*sets) - (_ARTICLES - letters)


_OLDER_SPECIAL_WORDS = _special_words()
_SPECIAL_WORDS = _OLDER_SPECIAL_WORDS | PLACES_BEHIND | COMPLEMENTS | LATER_STREET_WORDS
# In `gr rue`, `gr` is no type of its own: these begin a phrase whose second word is a type itself.
_OLDER_PHRASE_KINDS = frozenset({"r", "gr", "c"})
_PHRASE_KINDS = _OLDER_PHRASE_KINDS | LATER_STREET_WORDS
_SPECIAL_NAME_WORDS = frozenset().union(
    *(
        WORD_SETS[name]
        for name in ("particles", "civilities", "civilities_behind", "household", "nobody", "firms")
    ),
    {"les", "and", "und", "nee", "vve", "epouse", "epse"},
    LATER_WORDS,
)


def fast_street(text: str, plan: str, *, older: bool = False) -> tuple[str, str] | None:
    """Return street and number ('' without one) of a plain French line; else None.

    `text` is folded, in lower case. `plan` is the country's code in lower case: the result is None
    for any country but `fr`. `older`: whether the reading of 0.9.0 is wanted, also of a line that
    has another one today.

    >>> fast_street("12 bis av. des lilas", "fr"), fast_street("12 av v. hugo", "fr")
    (('avenue lilas', '12bis'), None)
    """
    match = _PLAIN_LINE.fullmatch(text) if plan == "fr" else None
    if match is None:
        return None
    number, suffix, kind, name = match.groups()
    if kind not in _TYPES or kind in (_OLDER_PHRASE_KINDS if older else _PHRASE_KINDS):
        return None
    if "'" in name:
        name = f" {name}".replace(" d'", " ").replace(" l'", " ").replace("'", " ")
    parts = name.replace("-", " ").split()
    if not (_OLDER_SPECIAL_WORDS if older else _SPECIAL_WORDS).isdisjoint(parts):
        return None
    joined = "".join([part for part in parts if part not in _ARTICLES])
    return (f"{_TYPES[kind]} {joined}", (number or "") + (suffix or "")) if joined else None


def fast_name(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of surname and first name that a plain name of two words may mean; else ().

    `text` is folded, in any case. The likeliest pair comes first.

    >>> fast_name("Jean DUPONT"), fast_name("Dupont Jean")
    ((('dupont', 'jean'),), (('dupont', 'jean'), ('jean', 'dupont')))
    """
    match = _PLAIN_NAME.fullmatch(text)
    if match is None:
        return ()
    first, second, last = match.groups()
    first_lower, last_lower = first.lower(), last.lower()
    if first_lower in _SPECIAL_NAME_WORDS or last_lower in _SPECIAL_NAME_WORDS:
        return ()
    if second:
        return _double_first_name(first, second, last)
    return _single_first_name(first, last)


def _single_first_name(first: str, last: str) -> tuple[tuple[str, str], ...]:
    """Return the readings of two words as surname and first name, the likeliest first.

    If only one word is in capitals, it is the surname. If only the first word is a known first
    name, the last is the surname. Otherwise both orders are possible.
    """
    first_lower, last_lower = first.lower(), last.lower()
    natural, backward = (last_lower, first_lower), (first_lower, last_lower)
    if first.isupper() != last.isupper():
        return (natural,) if last.isupper() else (backward,)
    if last_lower in FIRST_NAMES and first_lower not in FIRST_NAMES:
        return (backward, natural)
    known = first_lower in FIRST_NAMES and last_lower not in FIRST_NAMES
    known = known and first_lower not in SURNAMES_TOO
    return (natural,) if known or first_lower == last_lower else (natural, backward)


def _double_first_name(first: str, second: str, last: str) -> tuple[tuple[str, str], ...]:
    """Return the reading of a name such as `Jean-Pierre Dupont`; () if it is not certain.

    It is certain if both first names are known, the surname is no first name, and all words are in
    the same case.
    """
    initial_part, second_part, surname = first.lower(), second[1:].lower(), last.lower()
    known = (
        initial_part in FIRST_NAMES and second_part in FIRST_NAMES and surname not in FIRST_NAMES
    )
    same_case = first.isupper() == second.isupper() == last.isupper()
    return ((surname, initial_part + second_part),) if known and same_case else ()
