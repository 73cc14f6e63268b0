"""Names that people give to things: one line each, for a page, a list or a header of a message."""

from __future__ import annotations

import unicodedata

from suppression.domain.errors import InvalidValueError

MAX_NAME = 120
_NO_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Controls, halves of characters, and what ends a line or a paragraph."""
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of the text around it."""


def is_one_line(text: str) -> bool:
    r"""Whether a text stays on its line, and turns nothing around it.

    >>> is_one_line("Zoé & Fils"), is_one_line("Zoé\r\nBcc: all"), is_one_line("Zoé\u2028Fils")
    (True, False, False)
    """
    return all(one not in _TURNING and unicodedata.category(one) not in _NO_LINE for one in text)


def valid_name(text: str, *, field: str = "name") -> str:
    """The name without spaces around it; InvalidValueError for none, or one of several lines.

    >>> valid_name(" ACME SA ")
    'ACME SA'
    """
    name = text.strip(" ")
    if not name.strip() or len(name) > MAX_NAME or not is_one_line(name):
        raise InvalidValueError(
            f"{field}: use one line of 1 to {MAX_NAME} characters, without control characters."
        )
    return name
