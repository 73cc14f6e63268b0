"""Numbers with a letter in the place of a digit: nobody has them, or somebody else.

A stop under such a number would deny nobody who said stop. One that lacks a digit is taken, and
marked as doubtful where a clerk types it (`is_a_number_in_use`). This is a part of step 2 of phone
in docs/identifiers.md.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumber

# A letter between two digits or directly behind one: `12 34 S6`, `50 8O`.
_SLIP = re.compile(r"\d\s?[^\W\d_]{1,2}\s?\d|\d[^\W\d_]")
# The digits of a country's code up to a letter: `004l 78`, `+3E 6`.
_CODE_WITH_LETTER = re.compile(r"(?:\+|00)[ ()./-]*([0-9]{0,2})[ ()./-]?[^\W\d_]")
# Letters in the place of 00: `OO41 78`, `0o41 78`.
_LETTERS_FOR_ZEROS = re.compile(r"[ (]*(?:o[0o]|0[ ()]?o)[ ()]?\d", re.IGNORECASE)


def has_letter_in_code(text: str, from_number_on: str) -> bool:
    """Return whether a letter stands for a digit of the country's code, or of the 00 before it.

    `from_number_on` is `text` without words in front.

    >>> has_letter_in_code("004l 78 123 45 61", "004l 78 123 45 61")
    True
    >>> has_letter_in_code("+41 dom 78 123 45 61", "+41 dom 78 123 45 61")
    False
    """
    code = _CODE_WITH_LETTER.match(from_number_on)
    if code:
        return not code[1] or int(code[1]) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return bool(_LETTERS_FOR_ZEROS.match(text))


def has_wrong_digits(text: str, number: PhoneNumber) -> bool:
    """Return whether the invalid `number` was read of a text with a letter for a digit."""
    return number.extension is None and bool(_SLIP.search(text))
