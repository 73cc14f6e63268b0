"""House numbers: 12, 12 bis, 12B, n° 12, 12-14, before the street or after it.

This is step 5 of post in docs/identifiers.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.tables import MONTHS, PLAIN_STREETS, STREETS, WORD_SETS

_SUFFIX = r"(?:[ /]?(bis|ter|quater|quinquies|[a-z])(?![a-z0-9']| ?\d))?"
_LABEL = r"(?:(?:n[o°.]{0,2}|num|numero) ?(?=\d))?"
_RANGE = r"(?: ?(?:[-/+&]|a|au|et|ou) ?0*(\d{1,5})" + _SUFFIX + r")?"
_LEADING = re.compile(_LABEL + r"0*(\d{1,5})" + _SUFFIX + _RANGE + r"[ .,:/-]*(?=[^\W\d_]|$)")
_TRAILING = re.compile(r"(?<=[ ,])" + _LABEL + r"0*(\d{1,5})" + _SUFFIX + _RANGE + r"[ .,]*$")
_AFTER_WORD = re.compile(r"(?<=[^\W\d][ ,.])[ ,.]*" + _LABEL + r"0*(\d{1,5})" + _SUFFIX + _RANGE)
_FULL_SUFFIXES = {"b": "bis", "t": "ter", "q": "quater"}
# Letters that mean an article or `rue`, unless a street type follows: 12 D RUE FOCH.
_RARELY_SUFFIX = frozenset("ldr")
MAX_RANGE = 60
# The years that streets are named after, as people shorten them.
_SHORT_YEARS = frozenset({"14", "18", "40", "44", "45", "62"})
# The distance in characters from a number within which words explain it.
_NEAR = 40
_ROADS = WORD_SETS["roads_with_numbers"]
_SPACED_ORDINALS = frozenset({"er", "ere", "eme", "ieme"})
_GLUED_ORDINALS = frozenset({"nd", "nde", "re", "me"})


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberedStreet:
    """A street and its house numbers: none, one, or the two ends of a range."""

    street: str
    numbers: tuple[str, ...] = ()


def split_number(text: str, plan: str) -> NumberedStreet:
    """Split a folded lower-case street line into its house numbers and the rest.

    `plan` is the code of the country, in lower case, whose street words apply.

    >>> split_number("12b rue foch", "fr").numbers, split_number("12/14 rue foch", "fr").numbers
    (('12bis',), ('12', '14'))
    >>> split_number("rue de la loi 16", "be"), split_number("rue du 8 mai 1945", "fr").numbers
    (NumberedStreet(street='rue de la loi', numbers=('16',)), ())
    """
    text = text.strip(" ,.;:-")
    match = _LEADING.match(text)
    if match and not is_ordinal(text[match.end(1) :]) and match.end() < len(text):
        return _leading(text, match, plan)
    if text and text[-1].isalpha() and plan == "fr" and not _ends_in_suffix(text):
        return NumberedStreet(street=text)
    return _trailing(text, plan)


def _leading(text: str, match: re.Match[str], plan: str) -> NumberedStreet:
    """Return the street behind a house number at the beginning, and the number."""
    rest = text[match.end() :]
    types = STREETS.get(plan, PLAIN_STREETS).types
    if match[2] in _RARELY_SUFFIX and not match[3] and _next_word(rest) not in types:
        return NumberedStreet(
            street=text[match.start(2) :], numbers=(_house_number(match[1], None),)
        )
    return NumberedStreet(street=rest, numbers=_house_numbers(match))


def _trailing(text: str, plan: str) -> NumberedStreet:
    """Return the street in front of a house number, and the number; without one, the whole text.

    In France only a number at the very end counts. The number of a date or of a road, as in `rn 7`,
    is no house number.
    """
    pattern = _TRAILING if plan == "fr" else _AFTER_WORD
    for match in pattern.finditer(text):
        street = text[: match.start()].strip(" ,.-")
        if _is_number_of_street(street, match[1], text[match.end(1) :], plan):
            continue
        return NumberedStreet(street=street, numbers=_house_numbers(match))
    return NumberedStreet(street=text)


def _is_number_of_street(street: str, number: str, after: str, plan: str) -> bool:
    """Return whether a number is not a house's: `8 mai 1945`, `RN 7`, `3e etage`, `rue 12`."""
    before = words(street[-_NEAR:])
    if not before or before[-1] in _ROADS or is_ordinal(after):
        return True
    if before[-1] in MONTHS:
        return len(number) == len("1945") or number in _SHORT_YEARS
    return len(before) == 1 and before[0] in STREETS.get(plan, PLAIN_STREETS).types


def is_ordinal(after: str) -> bool:
    """Return whether the text after a number makes it an ordinal or a date: `1er mai`, `8 mai`."""
    word = _next_word(after)
    if word in MONTHS or (word == "de" and not MONTHS.isdisjoint(words(after[:_NEAR])[1:2])):
        return True
    return word in _SPACED_ORDINALS or (word in _GLUED_ORDINALS and after.startswith(word))


def _next_word(text: str) -> str:
    """Return the first word of a text, or ''."""
    return next(iter(words(text[:_NEAR])), "")


def _ends_in_suffix(text: str) -> bool:
    """Return whether the last word but one of a text is a number: `12 bis`."""
    last = words(text[-12:])
    return bool(last[-2:-1]) and last[-2].isdigit()


def _house_numbers(match: re.Match[str]) -> tuple[str, ...]:
    """Return the house number, or both ends of a range.

    A second number that is not above the first by 1 to 60 is taken for a flat's, and left out.
    """
    first = _house_number(match[1], match[2])
    if match[3] and 0 < int(match[3]) - int(match[1]) <= MAX_RANGE:
        return (first, _house_number(match[3], match[4]))
    return (first,)


def _house_number(number: str, suffix: str | None) -> str:
    """Return a house number with its suffix in full: `12b` is `12bis`."""
    return number + _FULL_SUFFIXES.get(suffix or "", suffix or "")
