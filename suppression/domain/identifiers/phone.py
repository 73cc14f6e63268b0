"""Phone numbers, to E.164 by libphonenumber. A possible number is accepted, valid or not."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.cleaning import cleaned
from suppression.domain.identifiers.forms import Form, FormLabel, Identifier
from suppression.domain.vocabulary import Kind

MAX_LENGTH = 64
# One national numbering plan with leading 0, several country codes: 0692 is Reunion, +262.
_FRENCH_PLAN = ("FR", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF")


def phone(text: str, region: str) -> Identifier:
    """The form of a phone number; `region` (ISO 3166-1 alpha-2) reads a national writing."""
    return Identifier(
        kind=Kind.PHONE, forms=(Form.of(FormLabel.E164, canonical_phone(text, region)),)
    )


def canonical_phone(text: str, region: str) -> str:
    """E.164 with +.

    >>> canonical_phone("06 12 34 56 78", "FR"), canonical_phone("0692 12 34 56", "FR")
    ('+33612345678', '+262692123456')
    """
    text = cleaned(text, limit=MAX_LENGTH)
    candidates = [number for name in _regions(region) if (number := _parsed(text, name))]
    valid = (number for number in candidates if phonenumbers.is_valid_number(number))
    possible = (number for number in candidates if phonenumbers.is_possible_number(number))
    best = next(valid, None) or next(possible, None)
    if best is None:
        raise UnreadableIdentifierError(
            "malformed", "Send one phone number, with its + and country code or with `country`."
        )
    return phonenumbers.format_number(best, PhoneNumberFormat.E164)


def _regions(region: str) -> tuple[str, ...]:
    if region not in _FRENCH_PLAN:
        return (region,)
    return (region, *(other for other in _FRENCH_PLAN if other != region))


def _parsed(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
