"""Phone numbers, to E.164 by libphonenumber. A possible number is accepted, valid or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.cleaning import cleaned
from suppression.domain.identifiers.forms import FormLabel, Spelling, Use
from suppression.domain.identifiers.phone.quick import quick_e164
from suppression.domain.identifiers.phone.renumbering import renumbered
from suppression.domain.identifiers.tracing import Note, silent

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
_OVERSEAS_CODES = ("+262", "+590", "+594", "+596")
_OVERSEAS_CODE = len("+262")
_BARE_FRENCH = re.compile(r"[ (]*33")
# An extension in French: libphonenumber knows `ext.`, `x` and `#` only.
_EXTENSION = re.compile(r"\b(?:poste|pst|extension|interne|int)\b[ .:]*[0-9]{1,6}$", re.IGNORECASE)

_LETTER = re.compile(r"[^\W\d_]")
# A word, and what parts it from the number: `Tel.: `, ` (mobil)`, `/fax`.
_WORDS_IN_FRONT = re.compile(r"^[^\d+]*[^\W\d_][^\d+(]*")
_WORDS_BEHIND = re.compile(r"(?<=\d)[^\w]*[^\W\d_].*$", re.DOTALL)


def phone_spellings(text: str, region: str, note: Note = silent) -> list[Spelling]:
    """The forms of a phone number; `region` (ISO 3166-1 alpha-2) reads a national writing."""
    number = canonical_phone(text, region, note)
    others = [
        *renumbered(number),
        *_as_metropolitan(number),
        *_with_letters_as_digits(text, region, number),
    ]
    asked = [Spelling(FormLabel.RENUMBERED, other, Use.ASKED) for other in others]
    return [Spelling(FormLabel.E164, number), *asked]


def _as_metropolitan(number: str) -> list[str]:
    """+33 before an overseas number, as 0.9.0 read `33692...` for a company overseas."""
    national = number[_OVERSEAS_CODE:]
    overseas = number.startswith(_OVERSEAS_CODES) and national.startswith(tuple(_HOME))
    return [f"+{_FRENCH_CODE}{national}"] if overseas else []


def _with_letters_as_digits(text: str, region: str, number: str) -> list[str]:
    """What 0.9.0 read of a number with words beside it: letters as digits."""
    if not _LETTER.search(text):
        return []
    best = _best(_EXTENSION.sub("", cleaned(text, limit=MAX_LENGTH)), region)
    older = settled_e164(best) if best else ""
    return [older] if older not in {"", number} else []


def canonical_phone(text: str, region: str, note: Note = silent) -> str:
    """E.164 with +.

    >>> canonical_phone("06 12 34 56 78", "FR"), canonical_phone("0692 12 34 56", "FR")
    ('+33612345678', '+262692123456')
    """
    if note is silent and len(text) <= MAX_LENGTH and (quick := quick_e164(text, region)):
        return quick
    return parsed_e164(text, region, note)


def written_whole(text: str, region: str) -> bool:
    """Whether a readable number has all its digits, as far as the plan of its region knows.

    With a digit too few it may still be possible: somebody else's, or nobody's. A number that is
    not assigned is whole, and whoever writes the country code is believed: a plan may have grown.

    >>> written_whole("06 12 34 56 78", "FR"), written_whole("06 12 34 56 7", "FR")
    (True, False)
    """
    clean = _EXTENSION.sub("", cleaned(text, limit=MAX_LENGTH))
    if clean.startswith(("+", "00")):
        return True
    own = _parsed(clean, region)
    if own is None or not _may_exist(own):
        return False
    # A trunk 0 that is left over says that what stands behind it has not the right length.
    return not own.italian_leading_zero or phonenumbers.is_valid_number(own)


def parsed_e164(text: str, region: str, note: Note = silent) -> str:
    """E.164 the long way: what the quick way must answer too."""
    clean = _EXTENSION.sub("", cleaned(text, limit=MAX_LENGTH))
    note("cleaned", clean)
    number = _best_without_words(clean, region) or _best(clean, region)
    e164 = settled_e164(number) if number else ""
    if number is None or not e164:
        raise UnreadableIdentifierError(
            "malformed", "Send one phone number, with its + and country code or with `country`."
        )
    note("country code", f"+{number.country_code}")
    note("E.164", e164, key=True)
    return e164


def _best(text: str, region: str) -> PhoneNumber | None:
    """The first reading that is valid; else the first that is possible."""
    possible = None
    for number in _readings(text, region):
        if phonenumbers.is_valid_number(number):
            return number
        if possible is None and _may_exist(number):
            possible = number
    return possible


def _best_without_words(text: str, region: str) -> PhoneNumber | None:
    """The number without the words around it, where that is valid; None where there are none.

    Letters stand for digits to libphonenumber: `+41 78 123 45 67 dom` is possible with 366 behind.
    """
    if not _LETTER.search(text):
        return None
    bare = _WORDS_BEHIND.sub("", _WORDS_IN_FRONT.sub("", text))
    number = _best(bare, region) if bare != text else None
    return number if number and phonenumbers.is_valid_number(number) else None


def settled_e164(number: PhoneNumber) -> str:
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


def _readings(text: str, region: str) -> Iterator[PhoneNumber]:
    """The number as its region reads it; as the others of the French plan do, where it is in that.

    Overseas prefixes are read overseas first: 0596 is Martinique, although libphonenumber finds it
    valid under +33 as well.
    """
    first = _parsed(text, region)
    made = first if region == _MAINLAND else _in_mainland(text, region) or first
    if made is not None and _made_metropolitan(made):
        first, text, region = made, f"0{made.national_number}", _MAINLAND
    home = _at_home(first, text, region)
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
    """What France reads, where a region overseas reads no number: `33692...` without its +."""
    if region not in _FRENCH_PLAN or not _BARE_FRENCH.match(text):
        return None
    return _parsed(text, _MAINLAND)


def _made_metropolitan(number: PhoneNumber) -> bool:
    """Whether +33 stands before a prefix that France keeps for a region overseas.

    +33 692 is nobody's number: a program made it of 0692, by putting +33 in the place of the 0.
    """
    national = str(number.national_number)
    overseas = national.startswith(_OVERSEAS) and len(national) == _NATIONAL_DIGITS
    return number.country_code == _FRENCH_CODE and overseas


def _at_home(number: PhoneNumber | None, text: str, region: str) -> PhoneNumber | None:
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
