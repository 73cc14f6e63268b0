"""Canonicalisation of phone numbers to E.164; the steps are numbered as in docs/identifiers.md.

libphonenumber parses all but the plainest numbers (`fast_path.py`). In its terms, a number that is
possible is accepted, whether it is valid or not.
"""

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
# Regions of one national numbering plan with leading 0 and several country codes: 0692 is +262.
_FRENCH_PLAN = ("FR", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF")
_MAINLAND = "FR"
_SHORT_FRENCH = "PM"
# National prefixes, without their 0, of the overseas departments and territories.
_OVERSEAS = ("262", "263", "269", "508", "590", "594", "596", "639", "69", "708", "709")
# National prefixes that belong to one region for certain.
_HOME_REGIONS = {
    "262": "RE", "263": "RE", "692": "RE", "693": "RE", "269": "YT", "639": "YT",
    "590": "GP", "690": "GP", "691": "GP", "594": "GF", "694": "GF",
    "596": "MQ", "696": "MQ", "697": "MQ",
}  # fmt: skip
_NATIONAL_DIGITS = 9
_FRENCH_CODE = 33
_OVERSEAS_CODES = ("+262", "+590", "+594", "+596")
_OVERSEAS_CODE = len("+262")
_BARE_FRENCH = re.compile(r"[ (]*33")
# An extension in French: libphonenumber knows only `ext.`, `x` and `#`.
_EXTENSION = re.compile(r"\b(?:poste|pst|extension|interne|int)\b[ .:]*[0-9]{1,6}$", re.IGNORECASE)

_LETTER = re.compile(r"[^\W\d_]")
# A word, and what parts it from the number: `Tel.: `, ` (mobil)`, `/fax`.
_WORDS_IN_FRONT = re.compile(r"^[^\d+]*[^\W\d_][^\d+(]*")
_WORDS_BEHIND = re.compile(r"(?<=\d)[^\w]*[^\W\d_].*$", re.DOTALL)
# A letter typed in place of a digit or between two: no word behind a number.
_SLIP = re.compile(r"\s?[^\W\d_]\s?\d")
# Digits enough for another number: more than an extension has.
_ANOTHER_NUMBER = re.compile(r"(?:\d[^\w]*){7}")
# Digits enough for one where numbers are short: New Caledonia, Andorra, Luxembourg.
_ANOTHER_SHORT_NUMBER = re.compile(r"(?:\d[^\w]*){6}")


def phone_texts(text: str, region: str, note: TraceCallback = silent) -> list[CanonicalText]:
    """Return the canonical text of every match key of a phone number, its E.164 first.

    `region` (ISO 3166-1 alpha-2) is the country of a number without a country code. Raise
    IdentifierParseError if the text cannot be cleaned or is not one possible number.
    """
    number = canonical_phone(text, region, note)
    # Step 5
    others = [
        *renumbered(number),
        *_as_metropolitan(number),
        *_with_letters_as_digits(text, region, number),
    ]
    renumbered_texts = [
        CanonicalText(MatchKeyLabel.RENUMBERED, other, KeyUse.LOOKUP) for other in others
    ]
    return [CanonicalText(MatchKeyLabel.E164, number), *renumbered_texts]


def _as_metropolitan(number: str) -> list[str]:
    """Return [+33...] for a number of +262, +590, +594 or +596, as 0.9.0 may have it; else []."""
    national = number[_OVERSEAS_CODE:]
    overseas = number.startswith(_OVERSEAS_CODES) and national.startswith(_OVERSEAS)
    return [f"+{_FRENCH_CODE}{national}"] if overseas else []


def _with_letters_as_digits(text: str, region: str, number: str) -> list[str]:
    """Return, in a list, the E.164 of a text whose letters are taken as digits, as by 0.9.0.

    Return [] for a text without letters, and if that E.164 is `number` or does not exist.
    """
    if not _LETTER.search(text):
        return []
    best = _best_number(_EXTENSION.sub("", clean_text(text, limit=MAX_LENGTH)), region)
    older = stable_e164(best) if best else ""
    return [older] if older not in {"", number} else []


def canonical_phone(text: str, region: str, note: TraceCallback = silent) -> str:
    """Return the phone number in a text, in E.164 with +.

    `region` (ISO 3166-1 alpha-2) is the country of a number without a country code. Raise
    IdentifierParseError if the text cannot be cleaned or is not one possible number.

    >>> canonical_phone("06 12 34 56 78", "FR"), canonical_phone("0692 12 34 56", "FR")
    ('+33612345678', '+262692123456')
    """
    if note is silent and len(text) <= MAX_LENGTH and (fast := fast_e164(text, region)):
        return fast
    return parse_e164(text, region, note)


def has_all_digits(text: str, region: str) -> bool:
    """Return whether a number has all its digits, by the numbering plan of the country `region`.

    A complete number need not be assigned, unless words follow it. A text that begins with `+` or
    `00` counts as complete. Raise IdentifierParseError for a text that cannot be cleaned.

    >>> has_all_digits("06 12 34 56 78", "FR"), has_all_digits("06 12 34 56 7", "FR")
    (True, False)
    """
    clean = _EXTENSION.sub("", clean_text(text, limit=MAX_LENGTH))
    if clean.startswith(("+", "00")):
        return True
    if _LETTER.search(_WORDS_IN_FRONT.sub("", clean)):
        return _best_without_words(clean, region) is not None
    number = _parsed(clean, region)
    if number is None or not _is_or_was_possible(number):
        return False
    # A remaining trunk 0 means that the digits after it have the wrong length.
    return phonenumbers.is_valid_number(number) or not number.italian_leading_zero


def parse_e164(text: str, region: str, note: TraceCallback = silent) -> str:
    """Return the number in E.164 with +, by the slow path, whose results the fast path must equal.

    `region` (ISO 3166-1 alpha-2) is the country of a number without a country code. Raise
    IdentifierParseError if the text cannot be cleaned or is not one possible number.
    """
    # Step 1
    clean = _EXTENSION.sub("", clean_text(text, limit=MAX_LENGTH))
    note("cleaned", clean)
    # Steps 2 and 3
    number = _best_without_words(clean, region) or _best_number(clean, region)
    # Step 4
    e164 = stable_e164(number) if number else ""
    if number is None or not e164 or _has_another_number_behind(clean, number, region):
        raise IdentifierParseError(
            "malformed", "Send one phone number, with its + and country code or with `country`."
        )
    note("country code", f"+{number.country_code}")
    note("E.164", e164, key=True)
    return e164


def _best_number(text: str, region: str) -> PhoneNumber | None:
    """Return the first candidate that is valid, else the first that is or was possible, or None."""
    possible = None
    for number in _candidates(text, region):
        if phonenumbers.is_valid_number(number):
            return number
        if possible is None and _is_or_was_possible(number):
            possible = number
    return possible


def _best_without_words(text: str, region: str) -> PhoneNumber | None:
    """Return the number without the words around it; None without words or if it is not valid.

    libphonenumber takes letters as digits: `+41 78 123 45 67 dom` is possible with 366 behind.
    Return None also for two numbers, as storing the first alone would lose the stop of the second;
    for a letter among the digits; and, for another region of the French plan, for a number of
    Saint-Pierre-et-Miquelon without its country code: that is shorter, and its digits may be the
    first ones of another number.
    """
    if not _LETTER.search(text):
        return None
    from_number_on = _WORDS_IN_FRONT.sub("", text)
    bare = _WORDS_BEHIND.sub("", from_number_on)
    if _SLIP.match(from_number_on[len(bare) :]):
        return None
    if _ANOTHER_NUMBER.search(from_number_on[len(bare) :]):
        return None
    number = _best_number(bare, region) if bare != text else None
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    # Six digits are a number of Saint-Pierre-et-Miquelon, and elsewhere a number that was cut off.
    elsewhere = region in _FRENCH_PLAN and region != _SHORT_FRENCH
    national = phonenumbers.national_significant_number(number)
    cut_off = elsewhere and not bare.startswith(("+", "00")) and len(national) < _NATIONAL_DIGITS
    return None if cut_off else number


def _has_another_number_behind(text: str, number: PhoneNumber, region: str) -> bool:
    """Return whether another number follows `number` in the text: its stop would be lost.

    libphonenumber takes up to 20 digits behind `;`, `,,`, `ext.` or `isub=` for an extension.
    """
    places = [place for place, sign in enumerate(text) if sign.isdecimal()]
    digits = "".join(str(int(text[place])) for place in places)
    national = phonenumbers.national_significant_number(number)
    start = digits.find(national)
    if start < 0:
        return False
    behind = text[places[start + len(national) - 1] + 1 :]
    if _ANOTHER_NUMBER.search(behind):
        return True
    regions = {region, phonenumbers.region_code_for_number(number) or region}
    return any(
        phonenumbers.is_valid_number(other)
        for short in _ANOTHER_SHORT_NUMBER.findall(behind)
        for other_region in regions
        if (other := _parsed(short, other_region))
    )


def stable_e164(number: PhoneNumber) -> str:
    """Return the number's E.164, parsed again until it no longer changes.

    Return '' if it becomes impossible, as `+44 000...` does, which loses a 0 each time.
    """
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    while not phonenumbers.is_valid_number(number):
        again = _parsed(e164, "")
        if again is None or not _is_or_was_possible(again):
            return ""
        number, before = again, e164
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        if e164 == before:
            break
    return e164


def _is_or_was_possible(number: PhoneNumber) -> bool:
    """Return whether a number's length is right, or was right until its country renumbered."""
    return phonenumbers.is_possible_number(number) or bool(
        renumbered(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    )


def _candidates(text: str, region: str) -> Iterator[PhoneNumber]:
    """Yield the numbers that libphonenumber makes of a text, in the order in which they are tried.

    The first is the number in `region` (step 2). If `region` is in the French plan, the numbers in
    all regions of that plan follow (step 3); for an overseas prefix, the one in mainland France
    comes last, even if that is `region`. A prefix of a single region yields only the number there:
    0596 is Martinique, although libphonenumber finds it valid under +33 as well.
    """
    first = _parsed(text, region)
    made = first if region == _MAINLAND else _in_mainland(text, region) or first
    if made is not None and _is_misprefixed_overseas(made):
        first, text, region = made, f"0{made.national_number}", _MAINLAND
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


def _in_mainland(text: str, region: str) -> PhoneNumber | None:
    """Return the number of a text like `33692...`, parsed as in mainland France; None for others.

    Return None also if `region` is not in the French plan.
    """
    if region not in _FRENCH_PLAN or not _BARE_FRENCH.match(text):
        return None
    return _parsed(text, _MAINLAND)


def _is_misprefixed_overseas(number: PhoneNumber) -> bool:
    """Return whether +33 precedes a prefix that France reserves for an overseas region.

    +33 692 is nobody's number: a program made it from 0692, by replacing the 0 with +33.
    """
    national = str(number.national_number)
    overseas = national.startswith(_OVERSEAS) and len(national) == _NATIONAL_DIGITS
    return number.country_code == _FRENCH_CODE and overseas


def _in_home_region(number: PhoneNumber | None, text: str, region: str) -> PhoneNumber | None:
    """Return the number in the overseas region that its prefix belongs to, or None.

    `number` is the text parsed for `region`. Return None also for a text with a country code, and
    if `region` is not in the French plan.
    """
    if number is None or region not in _FRENCH_PLAN or text.startswith(("+", "00")):
        return None
    national = str(number.national_number)
    if len(national) != _NATIONAL_DIGITS or national[:3] not in _HOME_REGIONS:
        return None
    return _parsed(f"0{national}", _HOME_REGIONS[national[:3]])


def _parsed(text: str, region: str) -> PhoneNumber | None:
    """Parse a number with libphonenumber; return None if it cannot."""
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
