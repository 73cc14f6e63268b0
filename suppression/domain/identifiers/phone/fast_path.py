"""The fast path for clean numbers: patterns of one country each, where the result is certain.

A pattern admits only numbers whose spelling leaves libphonenumber no choice: a full national number
that is valid in that country and in no other of its plan. A general "+ and digits" pattern would be
wrong for every trunk digit written after the country code (+44 0..., +7 8...). Any other number
yields None.
"""

from __future__ import annotations

import re

# Spaces, dots, hyphens and slashes as people write them; no other separator is clean.
_SEPARATORS = {ord(char): None for char in " .-/\u00a0\u202f\u2009\u2011"}

_FRANCE = re.compile(
    r"(?:0|\+33|0033)"
    r"(?:1[0-9]|2[2-57-9]|3[0-9]|4[1-9]|5[1-8]|6[0-24-8]|7[3-9])[0-9]{7}"
)
_ABROAD = re.compile(
    r"\+(?:"
    r"32(?:4[5-9][0-9])[0-9]{6}"
    r"|34(?:6[0-9]|7[1-4])[0-9]{7}"
    r"|417[5-9][0-9]{7}"
    r"|4479(?:[0-9]{8})"
    r"|39(?:3[2-4])[0-9]{8}"
    r"|262692[0-9]{6}"
    r")"
)
_NATIONAL = -9


def fast_e164(text: str, region: str) -> str | None:
    """Return the E.164 text, with +, of a clean number; None if libphonenumber must parse it.

    `region` (ISO 3166-1 alpha-2) is the country of a number without a country code.

    >>> fast_e164("06 12 34 56 78", "FR"), fast_e164("06 92 12 34 56", "FR")
    ('+33612345678', None)
    """
    digits = text.translate(_SEPARATORS)
    if _FRANCE.fullmatch(digits) and (region == "FR" or digits[0] == "+"):
        return "+33" + digits[_NATIONAL:]
    if _ABROAD.fullmatch(digits):
        return digits
    return None
