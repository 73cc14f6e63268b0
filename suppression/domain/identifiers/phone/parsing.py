"""Canonicalisation of phone numbers to E.164; the steps are numbered as in docs/identifiers.md.

libphonenumber parses all but the plainest numbers (`fast_path.py`). In its terms, a number that is
possible is accepted, whether it is valid or not.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, clean_text, silent
from suppression.domain.identifiers.match_keys import CanonicalText, KeyUse, MatchKeyLabel
from suppression.domain.identifiers.phone.candidates import (
    FRENCH_CODE,
    FRENCH_PLAN,
    NATIONAL_DIGITS,
    OVERSEAS,
    OVERSEAS_CODE,
    OVERSEAS_CODES,
    SHORT_FRENCH,
    candidates,
    in_neighbour,
    number_with_code,
    parsed,
)
from suppression.domain.identifiers.phone.fast_path import fast_e164
from suppression.domain.identifiers.phone.plain_text import plain_number
from suppression.domain.identifiers.phone.renumbering import renumbered
from suppression.domain.identifiers.phone.wrong_digits import has_letter_in_code, has_wrong_digits

MAX_LENGTH = 64
_WRONG_DIGITS = "A letter is in the place of a digit: write the number in digits."
# An extension in French: libphonenumber knows only `ext.`, `x` and `#`.
_EXTENSION = re.compile(r"\b(?:poste|pst|extension|interne|int)\b[ .:]*[0-9]{1,6}$", re.IGNORECASE)

_PLUS = "+"
_MAINLAND = "FR"
# Metropolitan France in the first edition of ISO 3166-1.
_FORMER_MAINLAND = "FX"
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
    region = _MAINLAND if region == _FORMER_MAINLAND else region
    number = canonical_phone(text, region, note)
    texts = [
        CanonicalText(MatchKeyLabel.E164, number),
        *_without_code(text, region, number),
    ]
    # Step 5
    aliases = [*renumbered(number), *_as_metropolitan(number)]
    texts += [CanonicalText(MatchKeyLabel.RENUMBERED, other, KeyUse.ALIAS) for other in aliases]
    readings = _with_letters_as_digits(text, region, number)
    return texts + [
        CanonicalText(MatchKeyLabel.READING, other, KeyUse.LOOKUP) for other in readings
    ]


def _without_code(text: str, region: str, number: str) -> list[CanonicalText]:
    """Return the texts of a number with a bare country code, read as a national one; often [].

    If the national number is valid too, stops are stored under both numbers and under a text of the
    two together, since nobody can tell which is meant. Otherwise it is only looked up, because
    0.9.0 read it so. So is a number of Monaco or France for the region MC. Return [] if the text
    has no country code without +, if both numbers are the same, and for a `region` of the French
    plan.
    """
    if region in FRENCH_PLAN or _PLUS in text:
        return []
    clean = _cleaned(text)
    if number_with_code(clean, region):
        national = _best_number(clean, region)
    else:
        national = in_neighbour(clean, region, number)
    e164 = stable_e164(national) if national else ""
    if national is None or e164 in {"", number}:
        return []
    if not phonenumbers.is_valid_number(national):
        return [CanonicalText(MatchKeyLabel.READING, e164, KeyUse.LOOKUP)]
    return [
        CanonicalText(MatchKeyLabel.READING, e164),
        CanonicalText(MatchKeyLabel.EITHER, f"{number}|{e164}", KeyUse.STORE),
    ]


def _cleaned(text: str) -> str:
    """Return a received text cleaned, without an extension, in the shape of `plain_number`."""
    return plain_number(_EXTENSION.sub("", clean_text(text, limit=MAX_LENGTH)))


def _as_metropolitan(number: str) -> list[str]:
    """Return, in a list, an overseas number as +33..., as 0.9.0 read `33692...`; [] for others."""
    national = number[OVERSEAS_CODE:]
    if number.startswith("+508") and len(number) == len("+508412345"):
        return [f"+{FRENCH_CODE}{number[1:]}"]
    overseas = number.startswith(OVERSEAS_CODES) and national.startswith(OVERSEAS)
    return [f"+{FRENCH_CODE}{national}"] if overseas else []


def _with_letters_as_digits(text: str, region: str, number: str) -> list[str]:
    """Return, in a list, the E.164 of a text with its letters taken as digits, as 0.9.0 read it.

    Return [] for a text without letters, and if that E.164 is `number` or does not exist.
    """
    if not _LETTER.search(text):
        return []
    best = _best_number(_cleaned(text), region)
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
    """Return whether a received number has all its digits, by the numbering plan of `region`.

    A complete number need not be assigned, unless words follow it. A text that begins with `+` or
    `00` counts as complete. Raise IdentifierParseError for a text that cannot be cleaned.

    >>> has_all_digits("06 12 34 56 78", "FR"), has_all_digits("06 12 34 56 7", "FR")
    (True, False)
    """
    clean = _cleaned(text)
    if clean.startswith(("+", "00")):
        return True
    if _LETTER.search(_WORDS_IN_FRONT.sub("", clean)):
        return _best_without_words(clean, region) is not None
    number = parsed(clean, region)
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
    clean = _cleaned(text)
    note("cleaned", clean)
    # Steps 2 and 3
    if _LETTER.search(clean) and has_letter_in_code(clean, _WORDS_IN_FRONT.sub("", clean)):
        raise IdentifierParseError("malformed", _WRONG_DIGITS)
    number = (
        number_with_code(clean, region)
        or _best_without_words(clean, region)
        or _best_number(clean, region)
    )
    # Step 4
    e164 = stable_e164(number) if number else ""
    if number is None or not e164 or _has_another_number_behind(clean, number, region):
        raise IdentifierParseError(
            "malformed", "Send one phone number, with its + and country code or with `country`."
        )
    if not phonenumbers.is_valid_number(number) and has_wrong_digits(clean, number):
        raise IdentifierParseError("malformed", _WRONG_DIGITS)
    note("country code", f"+{number.country_code}")
    note("E.164", e164, key=True)
    return e164


def _best_number(text: str, region: str) -> PhoneNumber | None:
    """Return the first candidate that is valid, else the first that is or was possible, or None."""
    possible = None
    for number in candidates(text, region):
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
    elsewhere = region in FRENCH_PLAN and region != SHORT_FRENCH
    national = phonenumbers.national_significant_number(number)
    cut_off = elsewhere and not bare.startswith(("+", "00")) and len(national) < NATIONAL_DIGITS
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
        if (other := parsed(short, other_region))
    )


def stable_e164(number: PhoneNumber) -> str:
    """Return the number's E.164, parsed again until it no longer changes.

    Return '' if it becomes impossible, as `+44 000...` does, which loses a 0 each time.
    """
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    while not phonenumbers.is_valid_number(number):
        again = parsed(e164, "")
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
