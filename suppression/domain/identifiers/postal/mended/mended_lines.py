"""Mending of French street lines before they are read: labels, dates and units in the way.

`address_keys.py` reads the mended line, and beside it the line as it was written, whose readings
are the older ones.
"""

from __future__ import annotations

import re
from itertools import pairwise

from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.plain_lines import has_number_and_name, owns_number
from suppression.domain.identifiers.postal.plain_streets import (
    GROUNDS,
    NUMBER,
    TYPE,
    is_street,
    is_type,
    is_whole_street,
)
from suppression.domain.identifiers.postal.tables import FIGURES, LATER_WORDS, MONTHS, WORD_SETS

# `n 12` is a road, `n° 12` never is. `no` is what folding makes of `nº`.
LABEL = r"(?:#|n\.? ?\u00b0|no\.?|num(?:ero)?\.?)[ .:]*"
_LABEL_AT_FRONT = re.compile(rf"^\W*{LABEL}(?=\d{{1,5}}(?!\d).*[a-z]{{2}})")
_LABEL_INSIDE = re.compile(rf"(?<=[ ,;/-]){LABEL}(?={NUMBER} ?,? ?{TYPE})")
_NAMED_MONTHS = LATER_WORDS["month"] | {month: month for month in MONTHS}
_DAYS = "|".join(sorted({"premier", *FIGURES["spoken"]}, key=len, reverse=True))
_DATE = re.compile(
    rf"(?<=\bdu )(1 ?er|\d{{1,2}}|(?:vingt|trente)(?:[ -]et)?[ -](?:{_DAYS})|dix[ -](?:{_DAYS})"
    rf"|{_DAYS})(?:(?<=\d)[ .-]*|[ .-]+)"
    rf"({'|'.join(sorted(_NAMED_MONTHS, key=len, reverse=True))})(?![a-z])[ .-]*"
)
_BUILDINGS = "imm|immb|immeuble|bat|bt|batim|batiment"
# A building with its name, and a place behind a name that ends in a number: `1945 lieu-dit`.
_BEHIND = re.compile(
    rf"(?<=[a-z\d]) (?=(?:(?:{_BUILDINGS})\b[ .]*(?:n\u00b0? ?)?[a-z]?\d{{0,3}}\b"
    r"|(?<=\d\d )(?:lieu(?:x)?[ -]?dits?|ld|hameau|ham|quartier|qrt|domaine)[ :.])"
    r"[^\d,;]{0,60}(?:[,;]|$))"
)
_SUFFIX = r"(?:bis|ter|quater|quinquies|[a-qs-z])"
_GLUED_SUFFIX = re.compile(rf"((?:^|(?<=[ ,])|{LABEL})\d{{1,5}})-({_SUFFIX})(?=[ ,])")
# INSEE's `q` for a quai. Behind a plain number at the front it is read elsewhere.
_QUAI = re.compile(
    rf"((?:^(?=\d+(?:,| ?{_SUFFIX}\b))|[ ,;/-]|{LABEL})\d{{1,5}}(?: ?{_SUFFIX})?),? "
    r"q(?:\. ?|[ -])(?=([a-z]+))"
)
HOUSE = re.compile(rf"(?:^|(?<=[ ,;/-])){NUMBER} ?,? ?{TYPE}")
KINGS = "louis|henri|charles|francois|philippe|napoleon|leopold|jean|paul|pie|leon|urbain"
_RANK_BEFORE_FLOOR = re.compile(
    rf"(?<!saint )(?<!saint-)(?<!st )(?<!st-)\b((?:{KINGS}) \d{{1,2}}) (?=(?:etage|etg)\b[ .]*\d)"
)
_MAY_BE_MENDED = re.compile(
    rf"{LABEL}\d|\b(?:{_BUILDINGS})\b|\bdu (?:\d|{_DAYS})|\b(?:etage|etg)\b|[\da-z],? q[. -]"
    r"|\d\d (?:lieu|ld|ham|quartier|qrt|domaine)"
)
_ARTICLES = WORD_SETS["articles"]
# Things with numbers, which are neither houses nor units of a house: `boite aux lettres n° 3`.
_NUMBERED_THINGS = WORD_SETS["numbered_things"]


def mended_lines(lines: list[str], plan: str) -> list[str]:
    """Return folded lower-case lines, which may have line breaks, mended; most are unchanged.

    `plan` is the code of the country, in lower case: only those of France are mended.

    >>> mended_lines(["n\u00b0 8 r de la gare bat b"], "fr")
    ['8 r de la gare, bat b']
    >>> mended_lines(["bat b n\u00b045, quai foch", "rue du onze nov. 1918"], "fr")
    ['45, quai foch', 'rue du onze novembre 1918']
    """
    if plan != "fr" or not any(map(_MAY_BE_MENDED.search, lines)):
        return lines
    return ["\n".join(_mended(part.strip(), plan) for part in line.split("\n")) for line in lines]


def _mended(line: str, plan: str) -> str:
    """Return one line of print mended."""
    line = _GLUED_SUFFIX.sub(_without_hyphen, line)
    line = _QUAI.sub(lambda match: _with_quai(match, plan), line)
    line = _without_labelled_front(_LABEL_AT_FRONT.sub("", line), plan)
    line = _DATE.sub(lambda match: f"{match[1]} {_NAMED_MONTHS[match[2]]} ", line).rstrip()
    line = _RANK_BEFORE_FLOOR.sub(r"\1, ", line)
    return _parted(line, plan)


def _parted(line: str, plan: str) -> str:
    """Return a line with a comma between a numbered street and the building or place behind it."""
    for house in HOUSE.finditer(line):
        if is_type(house[2], plan):
            for match in _BEHIND.finditer(line, house.end()):
                street = line[house.start() : match.start()]
                if is_whole_street(street, plan) and has_number_and_name(street):
                    return f"{line[: match.start()]}, {line[match.end() :]}"
            return line
    return line


def _without_hyphen(match: re.Match[str]) -> str:
    """Return a matched `8-b` as `8 b`; unchanged if it is a unit's, as in `bat 8-b`."""
    is_owned = owns_number(match.string[: match.start()])
    return match[0] if is_owned else f"{match[1]} {match[2]}"


def _with_quai(match: re.Match[str], plan: str) -> str:
    """Return a matched `12 q.` as `12 quai`.

    It is unchanged if a street's type follows, or if the number is a unit's.
    """
    is_letter = is_type(match[2], plan) or owns_number(match.string[: match.start()])
    return match[0] if is_letter else f"{match[1]} quai "


def _without_labelled_front(line: str, plan: str) -> str:
    """Return a line from its labelled house number on, without a unit or residence in front."""
    for match in _LABEL_INSIDE.finditer(line):
        kind = match[2]
        if (
            is_type(kind, plan)
            and kind not in GROUNDS
            and is_front(line[: match.start()].rstrip(" ,;/-"), plan)
        ):
            return line[match.end() :]
    return line


def is_front(front: str, plan: str) -> bool:
    """Return whether a text before a labelled house number neither is a street nor owns the number.

    Return False too for a text that begins with a number, which is the house's, and for one with a
    street inside.
    """
    parts = words(front)
    if not parts or front[0].isdigit() or not _NUMBERED_THINGS.isdisjoint(parts[-1:]):
        return False
    if is_street(front, plan) or owns_number(front):
        return False
    return not any(
        len(word) > 1 and is_type(word, plan) and word not in GROUNDS and before not in _ARTICLES
        for before, word in pairwise(parts)
    )
