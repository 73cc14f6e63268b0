"""Readings of a name that were added since 0.9.0; `recipients.py` adds them after the older ones.

A single letter is an initial, though it may be a particle too; a particle may be a surname or a
first name (`Le`, `Do`, `Ben`), and may stand inside a double surname.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from suppression.domain.identifiers.postal.name_lines import AND, PLAIN_CIVILITIES
from suppression.domain.identifiers.postal.names import (
    NameReading,
    NameUnit,
    are_initials,
    is_upper,
    name_tokens,
    name_units,
    read_units,
    unit_reading,
)
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, SURNAMES_TOO, WORD_SETS

_PARTICLES = WORD_SETS["particles"]
_GIVEN_PARTICLES = WORD_SETS["particles_as_first_names"]
# Behind a Vietnamese surname.
_MIDDLE_NAMES = frozenset({"van", "thi", "duc", "huu"})
# Behind a name: a numeral, and `entrepreneur individuel`.
_NUMERALS = frozenset({"ii", "iii", "iv", "ei"})
_HYPHENED_INITIALS = re.compile(r"\b([a-z])-(?=[a-z]\b)", re.IGNORECASE)
_MORE_CIVILITIES = WORD_SETS["more_civilities"]
_MORE_FIRMS = WORD_SETS["more_firms"]
_FIRMS = WORD_SETS["firms"] | _MORE_FIRMS
# `ste` is a firm in front and `sainte` elsewhere.
_FIRMS_IN_FRONT = frozenset({"ste"})
_JOINING = frozenset({"et", "and", "und"})
_HEIRS = re.compile(
    rf"\b(?:{'|'.join(sorted(WORD_SETS['estates_of_heirs']))}) (?:de |d')", re.IGNORECASE
)
_ELISION_IN_BRACKETS = re.compile(r"^(.*?) ?\((d|l)'\) ?", re.IGNORECASE)
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,5}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
# `D ORMESSON JEAN`, as on an envelope; `D. ORMESSON` is an initial.
_ELIDED = re.compile(r"^ *([dln])'? (?=[a-z]{3})", re.IGNORECASE)
_BIRTH_NAME = re.compile(r"\bnee?\b", re.IGNORECASE)
_MC = re.compile(r"mc(?=[a-z]{3})")
_MIN_SURNAME_LENGTH = 3
_TWO_WORDS = 2
# The words of two letters or more for which a name is read again.
LATER_WORDS = (
    _PARTICLES
    | _MIDDLE_NAMES
    | _NUMERALS
    | _MORE_CIVILITIES
    | _FIRMS
    | _FIRMS_IN_FRONT
    | WORD_SETS["estates_of_heirs"]
    | WORD_SETS["household"]
    | WORD_SETS["titles_as_surnames"]
)


def is_read_again(text: str) -> bool:
    """Return whether a folded name may have a reading that was added since 0.9.0.

    >>> is_read_again("M. Jean Dupont"), is_read_again("O. Martin"), is_read_again("S.A. Martin")
    (False, True, True)
    """
    words = _WORD.findall(text.lower())
    names = [word for word in words if word not in PLAIN_CIVILITIES | AND]
    two_behind_civility = len(names) == _TWO_WORDS < len(words) and FIRST_NAMES.isdisjoint(names)
    return (
        two_behind_civility
        or bool(_BIRTH_NAME.search(text))
        or "," in text
        or "-" in text
        or any(
            word in LATER_WORDS
            or word.startswith("mc")
            or (len(word) == 1 and word != "m")
            or (are_initials(word) and word not in PLAIN_CIVILITIES)
            for word in words
        )
    )


def plain_name(text: str) -> str:
    """Return a folded name without numerals, ranks and words of heirs; most are unchanged.

    >>> plain_name("Frere Jean Dupont"), plain_name("Jean DUPONT II")
    ('Jean Dupont', 'Jean DUPONT')
    >>> plain_name("Heritiers de Jean Dupont"), plain_name("ORNANO (d') Jean")
    ('Jean Dupont', "d'ORNANO Jean")
    """
    text = _ELISION_IN_BRACKETS.sub(r"\2'\1 ", _HEIRS.sub("", text))
    words = text.split()
    if len(words) > _TWO_WORDS and words[0].replace(".", "").lower() in _MORE_CIVILITIES:
        words.pop(0)
    if len(words) > _TWO_WORDS and words[-1].replace(".", "").lower() in _NUMERALS:
        words.pop()
    return " ".join(words)


def firm_name(text: str) -> str:
    """Return the words of a firm's name, sorted and joined; '' unless a word says it is a firm.

    >>> firm_name("MARTIN S.A."), firm_name("SARL Dupont & Fils"), firm_name("SAS L'Atelier")
    ('martin', 'dupontfils', 'latelier')
    >>> firm_name("Ste Dupont"), firm_name("Jean Ste Marie")
    ('dupont', '')
    """
    plain = _DOTTED.sub(lambda match: match[0].replace(".", ""), text).replace("'", "")
    words = [word.lower() for word in _WORD.findall(plain)]
    in_front = words[:1] and words[0] in _FIRMS_IN_FRONT
    if not in_front and _FIRMS.isdisjoint(words):
        return ""
    others = words[1:] if in_front else words
    return "".join(sorted(word for word in others if word not in _FIRMS | _JOINING))


def later_readings(text: str, *, civil: bool = False) -> list[NameReading]:
    """Return the readings of one folded name, without civility, that were added since 0.9.0.

    `civil`: whether a civility was in front, so that the whole name may be a surname.

    >>> [(reading.initial, reading.surname) for reading in later_readings("O. MARTIN")]
    [('o', 'martin')]
    >>> [(reading.initial, reading.surname) for reading in later_readings("Ben RAULT")]
    [('b', 'rault')]
    """
    tokens = name_tokens(_HYPHENED_INITIALS.sub(r"\1 ", text))
    lowered = [token.lower() for token in tokens]
    readings: list[NameReading] = []
    # `M.` is a civility as often.
    if any(len(word) == 1 and word != "m" for word in lowered):
        readings += read_units(_with_initials(tokens))
    if not _PARTICLES.isdisjoint(lowered):
        readings += _without_particles(tokens)
        readings += _around_particles(name_units(tokens), civil=civil)
    if len(tokens) > _TWO_WORDS and lowered[1] in _MIDDLE_NAMES:
        units = [_unit(token) for token in tokens]
        readings.append(unit_reading(units[:1], units[1:]))
    if elided := _ELIDED.sub(r"\1'", text) if _ELIDED.match(text) else "":
        readings += read_units(name_units(name_tokens(elided)))
    readings += _with_short_surname(tokens)
    if any(word.startswith("mc") for word in lowered):
        readings += [
            replace(reading, surname=_MC.sub("mac", reading.surname), parts=())
            for reading in read_units(name_units(tokens))
            if _MC.match(reading.surname)
        ]
    return list(dict.fromkeys(readings))


def _with_short_surname(tokens: list[str]) -> list[NameReading]:
    """Return, in a list, the reading of `David NG`, whose surname may be two initials; or [].

    There must be one word before such a surname, or only known first names beside it: the `JP` of
    `JP Dupont` is none.
    """
    short = [token for token in tokens if are_initials(token.lower())]
    others = [token for token in tokens if token not in short]
    is_at_end = len(short) == 1 and short[0] in {tokens[0], tokens[-1]}
    known = FIRST_NAMES.issuperset(token.lower() for token in others)
    is_behind = len(others) == 1 and tokens[-1] in short
    if not (is_at_end and others and (known or is_behind)):
        return []
    return [unit_reading([_unit(short[0])], [_unit(token) for token in others])]


def two_surnames(text: str) -> list[NameReading]:
    """Return, in a list, the reading of two words behind a civility as one surname; or [].

    >>> [reading.surname for reading in two_surnames("GARCIA LOPEZ")], two_surnames("Jean LOPEZ")
    (['garcialopez'], [])
    """
    tokens = name_tokens(text)
    is_long = min(map(len, tokens), default=0) >= _MIN_SURNAME_LENGTH
    known = not FIRST_NAMES.isdisjoint(token.lower() for token in tokens)
    if len(tokens) != _TWO_WORDS or known or not is_long:
        return []
    return [unit_reading(list(map(_unit, tokens)), [])]


def given_name_first(before: str, after: str) -> list[NameReading]:
    """Return, in a list, the reading of `Jean, Dupont` with the first name in front; or [].

    `before` and `after` are the texts around the comma. All words of `before` must be known first
    names, and none of them as often a surname.

    >>> given_name_first("Jean", "Dupont"), given_name_first("Martin", "Jean")
    ([NameReading(surname='dupont', given=('jean',), parts=())], [])
    """
    words = before.lower().split()
    known = FIRST_NAMES.issuperset(words) and SURNAMES_TOO.isdisjoint(words)
    return read_units(name_units(name_tokens(f"{before} {after}")))[:1] if known and after else []


def _unit(token: str) -> NameUnit:
    return NameUnit(text=token.replace("'", "").lower(), upper=is_upper(token))


def _with_initials(tokens: list[str]) -> list[NameUnit]:
    """Return the units of a name in which each single letter is an initial and no particle."""
    units: list[NameUnit] = []
    others: list[str] = []
    for token in tokens:
        if len(token) == 1:
            units += [*name_units(others), _unit(token)]
            others = []
        else:
            others.append(token)
    return units + name_units(others)


def _without_particles(tokens: list[str]) -> Iterator[NameReading]:
    """Yield the readings of a name whose particles are surnames or first names of their own.

    There are none without a particle at either end. A last one counts only if it is in capitals, or
    if no word is.
    """
    in_one_case = not any(map(is_upper, tokens))
    is_last = tokens[-1].lower() in _PARTICLES and (in_one_case or is_upper(tokens[-1]))
    if not is_last and tokens[0].lower() not in _PARTICLES:
        return
    for reading in read_units([_unit(token) for token in tokens]):
        first = reading.given[0] if reading.given else ""
        is_name = first not in _PARTICLES or first in _GIVEN_PARTICLES
        if is_name or len(tokens) == _TWO_WORDS:
            yield reading


def _around_particles(units: list[NameUnit], *, civil: bool) -> Iterator[NameReading]:
    """Yield the readings of a name with a particle inside: `PEREIRA DOS SANTOS`.

    They are: all words in front of a last surname with a particle as first names; all words as a
    surname, behind a civility and without a known first name; each part of a double surname.
    """
    if len(units) < _TWO_WORDS or not any(unit.particle for unit in units[1:]):
        return
    if units[-1].particle:
        yield unit_reading(units[-1:], units[:-1])
    if civil and FIRST_NAMES.isdisjoint(unit.text for unit in units):
        yield unit_reading(units, [])
    upper = [unit for unit in units if unit.upper]
    given = [unit for unit in units if not unit.upper]
    if given and len(upper) > 1:
        for unit in upper:
            if len(unit.text) >= _MIN_SURNAME_LENGTH:
                yield unit_reading([unit], given)
