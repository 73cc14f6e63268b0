"""Tests for the type of a French street, and for a text that is a street with its name.

`plain_lines.py` and `mended/` use them before they take a text for a street or cut a text off
behind a street. `with_range` reads several house numbers in front of a street, `without_city` cuts
the city off behind it.
"""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.house_numbers import MAX_RANGE, is_ordinal
from suppression.domain.identifiers.postal.tables import PLAIN_STREETS, STREETS, WORD_SETS

_SUFFIX = r"(?: ?(?:bis|ter|quater|quinquies|[a-qs-z])(?![^\W_]|'))?"
NUMBER = rf"\d{{1,5}}{_SUFFIX}"
_ADJECTIVES = WORD_SETS["adjectives"] | {"gde", "gd", "grd", "gds", "vx"}
# A street's type, perhaps with what belongs to it: `grande rue`.
TYPE = rf"(?:({'|'.join(sorted(_ADJECTIVES))}) )?([^\W\d_]+)"
_LIST = re.compile(rf"^({NUMBER})(?: ?[-,/&] ?({NUMBER})){{1,5}}(?= ?,? ?[^\W\d_]{{2}}) ?,? ?")
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
# In a city's name these are not part of the name of the place: `rennes cedex 9`, `paris 11e`.
_CITY_ENDS = re.compile(r"^\W*\d+\W+(?=[^\W\d_])|(?<=[^\W\d_])\W+(?:cedex\b|\d).*$")
_CEDEX_AT_END = re.compile(r" cedex(?: \d{1,2})?$")
_SAINTS = {"st": "saint", "ste": "sainte"}
_ORDINAL = re.compile(r"\d{1,5} ?e\b")
# Words that begin the name of a place without a street's type.
_PLACES = frozenset({"le", "la", "les", "lieu", "lieux", "lieudit", "ld", "hameau", "ham"})
AT_FRONT = re.compile(rf"(?:{NUMBER} ?,? ?)?{TYPE}")
# Street types that name buildings and grounds as well.
GROUNDS = {"villa", "clos", "cour", "galerie", "mail", "port", "porte", "parvis"}
GROUNDS |= STREETS["fr"].estates.keys() | STREETS["fr"].places.keys()
_LATER_TYPES = WORD_SETS["later_types"]
_NEAR = 40
_NOT_LAST = WORD_SETS["articles"] | WORD_SETS["adjectives"]
_NOT_LAST |= {"sur", "sous", "saint", "sainte", "st", "ste"}


def is_street(text: str, plan: str) -> bool:
    """Return whether a text begins with a street's type, or a number and a word for grounds.

    A type that names grounds as well, such as `villa`, counts only behind a number.
    """
    match = AT_FRONT.match(text)
    if not match:
        return False
    if text[0].isdigit():
        return is_type(match[2], plan) or match[2] in GROUNDS
    return is_type(match[2], plan) and match[2] not in GROUNDS


def is_type(word: str, plan: str) -> bool:
    """Return whether a word is a street's type by today's rules, in the country `plan` (a code)."""
    return word in STREETS.get(plan, PLAIN_STREETS).types or word in _LATER_TYPES


def is_whole_street(text: str, plan: str) -> bool:
    """Return whether a text is a street with its name, which ends with no article or adjective.

    `grande rue` counts as a street with its name.
    """
    match = AT_FRONT.match(text)
    if not match or not is_street(text, plan):
        return False
    name = words(text[match.end() :])
    return name[-1] not in _NOT_LAST if name else bool(match[1])


def without_city(line: str, city: str, plan: str) -> str:
    """Return a line without the city behind its street; `city` is folded, in lower case.

    Spaces, hyphens, a postcode, a district, `cedex` and `st` for `saint` make no difference.

    >>> without_city("12 rue foch saint malo", "st-malo cedex", "fr")
    '12 rue foch'
    >>> without_city("12 rue de rennes", "rennes", "fr")
    '12 rue de rennes'
    """
    bare = (_CEDEX_AT_END.sub("", line), _CITY_ENDS.sub("", city))
    for text, place in ((line, city), bare):
        expected = [_SAINTS.get(word, word) for word in _WORD.findall(place)]
        matches = list(_WORD.finditer(text))[-len(expected) :]
        street = text[: matches[0].start()] if matches and expected else ""
        if (
            street.endswith((" ", " -"))
            and [_SAINTS.get(match[0], match[0]) for match in matches] == expected
            and is_whole_street(street.rstrip(" -"), plan)
        ):
            return street.rstrip(" -")
    return line


def with_range(line: str, plan: str) -> str:
    """Return a line with the first and the last of the house numbers in front of it as a range.

    If the last is below the first, or more than 60 above it, only the first stays. The line is
    unchanged if the last may be part of the name (`5, 3e avenue`, `5, 14 juillet`): behind a comma
    a street or a place must follow.

    >>> with_range("12, 14 rue foch", "fr"), with_range("12, 3 rue foch", "fr")
    ('12-14 rue foch', '12 rue foch')
    >>> with_range("12 - 14 kerbihan", "fr"), with_range("12, 4 chemins", "fr")
    ('12-14 kerbihan', '12, 4 chemins')
    """
    match = _LIST.match(line)
    if (
        not match
        or _ORDINAL.search(line, match.end(1), match.end())
        or is_ordinal(line[match.end(2) :])
    ):
        return line
    street = line[match.end() :]
    line_of_one = f"{match[1]} {street}"
    has_comma = "," in line[: match.end(2)]
    if has_comma and not _is_place(street) and not is_whole_street(line_of_one, plan):
        return line
    first, *_, last = (int(figures) for figures in _FIGURES.findall(match[0]))
    if first <= last <= first + MAX_RANGE:
        return f"{match[1]}-{match[2]} {street}"
    return line if _ORDINAL.match(line) else line_of_one


def _is_place(text: str) -> bool:
    """Return whether a text begins like the name of a place: `le bourg`, `lieu-dit le bourg`."""
    return words(text[:_NEAR])[0] in _PLACES
