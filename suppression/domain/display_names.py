"""Validation of the names of controllers, topics and API keys: one line of text each."""

from __future__ import annotations

import unicodedata

from suppression.domain.errors import InvalidValueError

MAX_NAME = 120
_LINE_BREAKING_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, surrogates, and separators of lines and paragraphs."""
_DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Characters that change the direction of the text around them."""


def is_one_line(text: str) -> bool:
    r"""Return whether a text has no line break, control character or bidirectional control.

    The bidirectional controls are U+061C, U+200E-200F, U+202A-202E and U+2066-2069. A lone
    surrogate counts as a control character.

    >>> is_one_line("Zoé & Fils"), is_one_line("Zoé\r\nBcc: all"), is_one_line("Zoé\u2028Fils")
    (True, False, False)
    """
    return all(
        char not in _DIRECTION_MARKS and unicodedata.category(char) not in _LINE_BREAKING_CATEGORIES
        for char in text
    )


def valid_name(text: str, *, field: str = "name") -> str:
    """Return the name without spaces around it.

    Raise InvalidValueError if the name is blank, over 120 characters long, or not one line
    (`is_one_line`). `field` is the name of the field in the error.

    >>> valid_name(" ACME SA ")
    'ACME SA'
    """
    name = text.strip(" ")
    if not name.strip() or len(name) > MAX_NAME or not is_one_line(name):
        raise InvalidValueError(
            f"{field}: use one line of 1 to {MAX_NAME} characters, without control characters."
        )
    return name
