"""Conversion of phone numbers as spreadsheets and telephones write them to a plain shape."""

from __future__ import annotations

import re

from suppression.domain.errors import IdentifierParseError

# What hides the caller's number, before it: `#31#`, `*31#`.
_HIDDEN_CALLER = re.compile(r"^[*#]31#(?=[+\d])")
# A number that a spreadsheet took for an amount: `612345678.0`, `3.3612345678E+10`.
_AMOUNT = re.compile(r"^(\+?\d{6,15})[.,]0{1,2}$")
_POWER = re.compile(r"^(\d)(?:[.,](\d{1,14}))?E\+?(\d{1,2})$", re.IGNORECASE)
_QUOTED = re.compile(r"""^=?["']([^"']+)["']$""")
_BETWEEN_PAIRS = re.compile(r"(?<=\d)['\u2019\u00b7\u2027\u2022:_](?=\d)")
# Pairs of digits with commas or the like between them; elsewhere such signs part two numbers.
_PAIRS = re.compile(r"0\d(?:[,;|\\]\d\d){4}")
_NOT_DIGITS = re.compile(r"[^0-9]")


def plain_number(text: str) -> str:
    """Return a cleaned text without what a spreadsheet or a telephone adds; most are unchanged.

    Raise IdentifierParseError for a number that a spreadsheet rounded: its last digits are lost.

    >>> plain_number("612345678.0"), plain_number("3.3612345678E+10")
    ('612345678', '33612345678')
    >>> plain_number("#31#0612345678")
    '0612345678'
    >>> plain_number("06'12'34'56'78"), plain_number('="0612345678"')
    ('06 12 34 56 78', '0612345678')
    """
    text = _QUOTED.sub(r"\1", text)
    text = _AMOUNT.sub(r"\1", _HIDDEN_CALLER.sub("", text))
    power = _POWER.match(text)
    if power:
        digits, exponent = power[1] + (power[2] or ""), int(power[3])
        if len(digits) != exponent + 1:
            detail = "A spreadsheet rounded this number: send all of its digits."
            raise IdentifierParseError("malformed", detail)
        return digits
    if _PAIRS.fullmatch(text):
        return _NOT_DIGITS.sub("", text)
    return _BETWEEN_PAIRS.sub(" ", text)
