"""The quick way for plain writing: a line or a name with nothing in it that needs thought.

Each answers what the long way would, or None. A test holds them to that.
"""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.tables import (
    BOXES,
    FIGURES,
    FIRST_NAMES,
    GROUND_FLOOR,
    MONTHS,
    ORDINALS,
    STREETS,
    UNITS,
    WORD_SETS,
)

_FRENCH = STREETS["fr"]
_TYPES = _FRENCH.types
_ARTICLES = WORD_SETS["articles"]
_PLAIN_LINE = re.compile(r"(?:0*([1-9][0-9]{0,4})(?: ?(bis|ter))?,? )?([a-z]+)[. ] ?([a-z' -]+)")
_PLAIN_NAME = re.compile(r"([A-Za-z]{3,})(-[A-Za-z]{3,})? ([A-Za-z]{3,})")


def _telling() -> frozenset[str]:
    """Every word that the long way does something about."""
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
    told = changed | letters | set(_FRENCH.estates) | {"chez", "attention"}
    seconds = {word for phrase in _FRENCH.phrases for word in phrase[1:]}
    return frozenset(told | seconds).union(*sets) - (_ARTICLES - letters)


_TELLING = _telling()
# `gr rue` is no grade of rue: these types begin a phrase whose second word is a type itself.
_PHRASE_KINDS = frozenset({"r", "gr", "c"})
_TELLING_NAMES = frozenset().union(
    *(
        WORD_SETS[name]
        for name in ("particles", "civilities", "civilities_behind", "household", "nobody", "firms")
    ),
    {"les", "and", "und", "nee", "vve", "epouse", "epse"},
)


def fast_street(text: str, plan: str) -> tuple[str, str] | None:
    """Street and number of a plain French line, folded and in lower case.

    >>> fast_street("12 bis av. des lilas", "fr"), fast_street("12 av v. hugo", "fr")
    (('avenue lilas', '12bis'), None)
    """
    found = _PLAIN_LINE.fullmatch(text) if plan == "fr" else None
    if found is None:
        return None
    number, suffix, kind, name = found.groups()
    if kind not in _TYPES or kind in _PHRASE_KINDS:
        return None
    if "'" in name:
        name = f" {name}".replace(" d'", " ").replace(" l'", " ").replace("'", " ")
    parts = name.replace("-", " ").split()
    if not _TELLING.isdisjoint(parts):
        return None
    joined = "".join([part for part in parts if part not in _ARTICLES])
    return (f"{_TYPES[kind]} {joined}", (number or "") + (suffix or "")) if joined else None


def fast_name(text: str) -> tuple[tuple[str, str], ...]:
    """Surname and first name of a plain name of two words, in each order it can be read; else ().

    >>> fast_name("Jean DUPONT"), fast_name("Dupont Jean")
    ((('dupont', 'jean'),), (('dupont', 'jean'), ('jean', 'dupont')))
    """
    found = _PLAIN_NAME.fullmatch(text)
    if found is None:
        return ()
    first, second, last = found.groups()
    one, two = first.lower(), last.lower()
    if one in _TELLING_NAMES or two in _TELLING_NAMES:
        return ()
    if second:
        return _double_first_name(first, second, last)
    return _single_first_name(first, last)


def _single_first_name(first: str, last: str) -> tuple[tuple[str, str], ...]:
    """Capitals mark the surname; else first names tell, or both orders are read."""
    one, two = first.lower(), last.lower()
    natural, backward = (two, one), (one, two)
    if first.isupper() != last.isupper():
        return (natural,) if last.isupper() else (backward,)
    if two in FIRST_NAMES and one not in FIRST_NAMES:
        return (backward, natural)
    known = one in FIRST_NAMES and two not in FIRST_NAMES
    return (natural,) if known or one == two else (natural, backward)


def _double_first_name(first: str, second: str, last: str) -> tuple[tuple[str, str], ...]:
    """`Jean-Pierre Dupont`, where both are first names, the last is none, and the case is one."""
    one, two, surname = first.lower(), second[1:].lower(), last.lower()
    known = one in FIRST_NAMES and two in FIRST_NAMES and surname not in FIRST_NAMES
    same_case = first.isupper() == second.isupper() == last.isupper()
    return ((surname, one + two),) if known and same_case else ()
