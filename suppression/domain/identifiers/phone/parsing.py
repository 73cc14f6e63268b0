"""Phone numbers, to E.164 by libphonenumber. A possible number is accepted, valid or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, clean_text, silent
from suppression.domain.identifiers.match_keys import CanonicalText, KeyUse, MatchKeyLabel
from suppression.domain.identifiers.phone.fast_path import fast_e164
from suppression.domain.identifiers.phone.renumbering import renumbered

MAX_LENGTH = 64
# One national numbering plan with leading 0, several country codes: 0692 is Reunion, +262.
_FRENCH_PLAN = ("FR", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF")
_MAINLAND = "FR"
# National prefixes, without their 0, of the overseas departments and territories.
_OVERSEAS = ("262", "263", "269", "508", "590", "594", "596", "639", "69", "708", "709")
# Those that belong to one region for certain.
_HOME = {
    "262": "RE", "263": "RE", "692": "RE", "693": "RE", "269": "YT", "639": "YT",
    "590": "GP", "690": "GP", "691": "GP", "594": "GF", "694": "GF",
    "596": "MQ", "696": "MQ", "697": "MQ",
}  # fmt: skip
_NATIONAL_DIGITS = 9
_FRENCH_CODE = 33
# An extension in French: libphonenumber knows `ext.`, `x` and `#` only.
_EXTENSION = re.compile(r"\b(?:poste|pst|extension|interne|int)\b[ .:]*[0-9]{1,6}$", re.IGNORECASE)


def phone_texts(text: str, region: str, note: TraceCallback = silent) -> list[CanonicalText]:
    """The forms of a phone number; `region` (ISO 3166-1 alpha-2) reads a national writing."""
    number = canonical_phone(text, region, note)
    others = [
        CanonicalText(MatchKeyLabel.RENUMBERED, other, KeyUse.ASKED) for other in renumbered(number)
    ]
    return [CanonicalText(MatchKeyLabel.E164, number), *others]


def canonical_phone(text: str, region: str, note: TraceCallback = silent) -> str:
    """E.164 with +.

    >>> canonical_phone("06 12 34 56 78", "FR"), canonical_phone("0692 12 34 56", "FR")
    ('+33612345678', '+262692123456')
    """
    if note is silent and len(text) <= MAX_LENGTH and (quick := fast_e164(text, region)):
        return quick
    return parse_e164(text, region, note)


def has_all_digits(text: str, region: str) -> bool:
    """Whether a readable number has all its digits, as far as the plan of its region knows.

    With a digit too few it may still be possible: somebody else's, or nobody's. A number that is
    not assigned is whole, and whoever writes the country code is believed: a plan may have grown.

    >>> has_all_digits("06 12 34 56 78", "FR"), has_all_digits("06 12 34 56 7", "FR")
    (True, False)
    """
    clean = _EXTENSION.sub("", clean_text(text, limit=MAX_LENGTH))
    if clean.startswith(("+", "00")):
        return True
    own = _parsed(clean, region)
    if own is None or not _may_exist(own):
        return False
    # A trunk 0 that is left over says that what stands behind it has not the right length.
    return not own.italian_leading_zero or phonenumbers.is_valid_number(own)


def parse_e164(text: str, region: str, note: TraceCallback = silent) -> str:
    """E.164 the long way: what the quick way must answer too."""
    clean = _EXTENSION.sub("", clean_text(text, limit=MAX_LENGTH))
    note("cleaned", clean)
    number = _best(clean, region)
    e164 = stable_e164(number) if number else ""
    if number is None or not e164:
        raise IdentifierParseError(
            "malformed", "Send one phone number, with its + and country code or with `country`."
        )
    note("country code", f"+{number.country_code}")
    note("E.164", e164, key=True)
    return e164


def _best(text: str, region: str) -> PhoneNumber | None:
    """The first reading that is valid; else the first that is possible."""
    possible = None
    for number in _candidates(text, region):
        if phonenumbers.is_valid_number(number):
            return number
        if possible is None and _may_exist(number):
            possible = number
    return possible


def stable_e164(number: PhoneNumber) -> str:
    """E.164 that reads as itself, "" if none does: +44 000... loses a 0 at each reading."""
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    while not phonenumbers.is_valid_number(number):
        again = _parsed(e164, "")
        if again is None or not _may_exist(again):
            return ""
        number, before = again, e164
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        if e164 == before:
            break
    return e164


def _may_exist(number: PhoneNumber) -> bool:
    """Whether the length is right, or was until the country renumbered."""
    return phonenumbers.is_possible_number(number) or bool(
        renumbered(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    )


def _candidates(text: str, region: str) -> Iterator[PhoneNumber]:
    """The number as its region reads it; as the others of the French plan do, where it is in that.

    Overseas prefixes are read overseas first: 0596 is Martinique, although libphonenumber finds it
    valid under +33 as well.
    """
    first = _parsed(text, region)
    if first is not None and _is_misprefixed_overseas(first):
        text, region = f"0{first.national_number}", _MAINLAND
    home = _in_home_region(first, text, region)
    if home:
        yield home
        return
    if region in _FRENCH_PLAN:
        overseas = first is not None and str(first.national_number).startswith(_OVERSEAS)
        if first is not None and not (overseas and region == _MAINLAND):
            yield first
        order = sorted(_FRENCH_PLAN, key=_MAINLAND.__eq__) if overseas else _FRENCH_PLAN
        yield from (number for other in order if (number := _parsed(text, other)))
    elif first is not None:
        yield first


def _is_misprefixed_overseas(number: PhoneNumber) -> bool:
    """Whether +33 stands before a prefix that France keeps for a region overseas.

    +33 692 is nobody's number: a program made it of 0692, by putting +33 in the place of the 0.
    """
    national = str(number.national_number)
    overseas = national.startswith(_OVERSEAS) and len(national) == _NATIONAL_DIGITS
    return number.country_code == _FRENCH_CODE and overseas


def _in_home_region(number: PhoneNumber | None, text: str, region: str) -> PhoneNumber | None:
    """The number in the overseas region that its prefix belongs to, if it has such a prefix."""
    if number is None or region not in _FRENCH_PLAN or text.startswith(("+", "00")):
        return None
    national = str(number.national_number)
    if len(national) != _NATIONAL_DIGITS or national[:3] not in _HOME:
        return None
    return _parsed(f"0{national}", _HOME[national[:3]])


def _parsed(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
