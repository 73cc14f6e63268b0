"""What is a French street's type, and whether a text is a street with its name.

`plain_lines.py` asks this before it takes a text for a street, or cuts one off behind it.
"""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.folding import words
from suppression.domain.identifiers.postal.tables import PLAIN_STREETS, STREETS, WORD_SETS

_SUFFIX = r"(?: ?(?:bis|ter|quater|quinquies|[a-qs-z])(?![^\W_]|'))?"
NUMBER = rf"\d{{1,5}}{_SUFFIX}"
_ADJECTIVES = WORD_SETS["adjectives"] | {"gde", "gd", "grd", "gds", "vx"}
# A street's type, perhaps with what belongs to it: `grande rue`.
TYPE = rf"(?:({'|'.join(sorted(_ADJECTIVES))}) )?([^\W\d_]+)"
AT_FRONT = re.compile(rf"(?:{NUMBER} ?,? ?)?{TYPE}")
# Street types that name buildings and grounds as well.
GROUNDS = {"villa", "clos", "cour", "galerie", "mail", "port", "porte", "parvis"}
GROUNDS |= STREETS["fr"].estates.keys() | STREETS["fr"].places.keys()
_LATER_TYPES = WORD_SETS["later_types"]
_NOT_LAST = WORD_SETS["articles"] | WORD_SETS["adjectives"]
_NOT_LAST |= {"sur", "sous", "saint", "sainte", "st", "ste"}


def is_street(text: str, plan: str) -> bool:
    """Return whether a text begins with a street's type, or a number and a word for grounds."""
    match = AT_FRONT.match(text)
    if not match:
        return False
    if text[0].isdigit():
        return is_type(match[2], plan) or match[2] in GROUNDS
    return is_type(match[2], plan) and match[2] not in GROUNDS


def is_type(word: str, plan: str) -> bool:
    """Return whether a word is a street's type today, in the country with code `plan`."""
    return word in STREETS.get(plan, PLAIN_STREETS).types or word in _LATER_TYPES


def is_whole_street(text: str, plan: str) -> bool:
    """Return whether a text is a street with its name, which ends with no article or adjective.

    `grande rue` has a name.
    """
    match = AT_FRONT.match(text)
    if not match or not is_street(text, plan):
        return False
    name = words(text[match.end() :])
    return name[-1] not in _NOT_LAST if name else bool(match[1])
