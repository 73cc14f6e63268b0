"""The numbers that libphonenumber makes of a text, for the country beside it and the French plan.

Steps 2 and 3 of phone in docs/identifiers.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber

# Regions of one national numbering plan with leading 0 and several country codes: 0692 is +262.
FRENCH_PLAN = ("FR", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF")
_MAINLAND = "FR"
# Monaco, where many have a French number and write it without its code.
_NEIGHBOUR = "MC"
_NEIGHBOUR_CODE = "+377"
SHORT_FRENCH = "PM"
# National prefixes, without their 0, of the overseas departments and territories.
OVERSEAS = ("262", "263", "269", "508", "590", "594", "596", "639", "69", "708", "709")
# National prefixes that belong to one region for certain.
_HOME_REGIONS = {
    "262": "RE", "263": "RE", "692": "RE", "693": "RE", "269": "YT", "639": "YT",
    "590": "GP", "690": "GP", "691": "GP", "594": "GF", "694": "GF",
    "596": "MQ", "696": "MQ", "697": "MQ",
}  # fmt: skip
NATIONAL_DIGITS = 9
FRENCH_CODE = 33
OVERSEAS_CODES = ("+262", "+590", "+594", "+596")
OVERSEAS_CODE = len("+262")
# A text of digits alone, perhaps with the 00 that most countries dial before a country's code.
_DIALLED = re.compile(r"[ (]*(?:(00)[ ()]*)?([1-9][0-9 ().-]{7,24})")
_NOT_DIGITS = re.compile(r"[^0-9]")
_DIGITS = re.compile(r"[0-9]+")
# The sizes of the groups of a French number that lost its zero: 6 12 34 56 78.
_PAIRS_WITHOUT_ZERO = [1, 2, 2, 2, 2]
_BARE_FRENCH = re.compile(r"[ (]*33")


def candidates(text: str, region: str) -> Iterator[PhoneNumber]:
    """Yield the numbers that libphonenumber makes of a text, in the order in which they are tried.

    The first is that for `region` (step 2); if `region` is in the French plan, those for all its
    regions follow (step 3). For an overseas prefix the one for mainland France comes last, even if
    that is `region`. A prefix of a single region yields only the number there: 0596 is Martinique,
    although libphonenumber finds it valid under +33 as well. For Monaco those for France follow.
    """
    first = parsed(text, region)
    made = first if region == _MAINLAND else _in_mainland(text, region) or first
    if made is not None and _is_misprefixed_overseas(made):
        first, text, region = made, f"0{made.national_number}", _MAINLAND
    home = _in_home_region(first, text, region)
    if home:
        yield home
        return
    if region in FRENCH_PLAN:
        overseas = first is not None and str(first.national_number).startswith(OVERSEAS)
        if first is not None and not (overseas and region == _MAINLAND):
            yield first
        order = sorted(FRENCH_PLAN, key=_MAINLAND.__eq__) if overseas else FRENCH_PLAN
        yield from (number for other in order if (number := parsed(text, other)))
        return
    if first is not None:
        yield first
    if region == _NEIGHBOUR:
        yield from candidates(text, _MAINLAND)


def in_neighbour(text: str, region: str, number: str) -> PhoneNumber | None:
    """Return the other number that a text without country code is, for the region MC; else None.

    `number` is its canonical E.164. If that is French, the other is the one in Monaco's plan, valid
    or not; if it is Monaco's, the other is the French one, which must be valid.
    """
    if region != _NEIGHBOUR:
        return None
    if not number.startswith(_NEIGHBOUR_CODE):
        return parsed(text, region)
    french = candidates(text, _MAINLAND)
    return next((other for other in french if phonenumbers.is_valid_number(other)), None)


def number_with_code(text: str, region: str) -> PhoneNumber | None:
    """Return the number of a text that begins with a country code without +; None for others.

    The number must be valid. A text with `00` counts in every `region`, also where people dial
    another prefix abroad; one without only if it begins with the code of `region`, or neither is a
    possible number there nor has a valid one in its first groups (`612345678 12`). In the French
    plan only the last holds, since `candidates` reads `00` there.
    """
    bare = _DIALLED.fullmatch(text)
    if not bare:
        return None
    digits = _NOT_DIGITS.sub("", bare[2])
    number = parsed(f"+{digits}", "")
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    if bare[1]:
        return None if region in FRENCH_PLAN else number
    own_code = str(phonenumbers.country_code_for_region(region))
    if region not in FRENCH_PLAN and own_code != "0" and digits.startswith(own_code):
        return number
    if any(map(phonenumbers.is_possible_number, candidates(text, region))):
        return None
    groups, code = _DIGITS.findall(bare[2]), str(number.country_code)
    return None if _has_national_number_in_front(groups, code, region) else number


def _has_national_number_in_front(groups: list[str], code: str, region: str) -> bool:
    """Return whether some first groups of digits, but not all, are a valid number of `region`.

    Return False if the first group is the country `code` alone, since no national number begins so,
    except a single digit before pairs: `7 83 12 34 56 78` begins with 07 83 12 34 56.
    """
    if groups[0] == code and [len(group) for group in groups[:5]] != _PAIRS_WITHOUT_ZERO:
        return False
    return any(
        phonenumbers.is_valid_number(number)
        for end in range(1, len(groups))
        for number in candidates("".join(groups[:end]), region)
    )


def _in_mainland(text: str, region: str) -> PhoneNumber | None:
    """Return the number of a text like `33692...`, parsed as in mainland France; None for others.

    Return None also if `region` is not in the French plan.
    """
    if region not in FRENCH_PLAN or not _BARE_FRENCH.match(text):
        return None
    return parsed(text, _MAINLAND)


def _is_misprefixed_overseas(number: PhoneNumber) -> bool:
    """Return whether +33 precedes a prefix that France reserves for an overseas region.

    +33 692 is nobody's number: a program made it from 0692, by replacing the 0 with +33.
    """
    national = str(number.national_number)
    overseas = national.startswith(OVERSEAS) and len(national) == NATIONAL_DIGITS
    return number.country_code == FRENCH_CODE and overseas


def _in_home_region(number: PhoneNumber | None, text: str, region: str) -> PhoneNumber | None:
    """Return the number in the overseas region that its prefix belongs to, or None.

    `number` is the text parsed for `region`. Return None also for a text with a country code, and
    if `region` is not in the French plan.
    """
    if number is None or region not in FRENCH_PLAN or text.startswith(("+", "00")):
        return None
    national = str(number.national_number)
    if len(national) == NATIONAL_DIGITS and national.startswith("508"):
        return parsed(f"+{national}", "")
    if len(national) != NATIONAL_DIGITS or national[:3] not in _HOME_REGIONS:
        return None
    return parsed(f"0{national}", _HOME_REGIONS[national[:3]])


def parsed(text: str, region: str) -> PhoneNumber | None:
    """Parse a number with libphonenumber; return None if it cannot."""
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
