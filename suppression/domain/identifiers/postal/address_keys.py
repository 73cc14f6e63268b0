"""The address part of the match keys of a postal address: country | postcode | street | number.

The steps are numbered as in docs/identifiers.md. An address may have an older reading as well.
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import NamedTuple

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, silent
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.postal.countries import (
    canonical_postcode,
    country_of,
    older_postcode,
)
from suppression.domain.identifiers.postal.delivery_line import (
    DeliveryLine,
    delivery_line,
    grounds_delivery_line,
    is_older_in_other_words,
    plain_delivery_line,
)
from suppression.domain.identifiers.postal.folding import fold
from suppression.domain.identifiers.postal.mended.mended_lines import mended_lines
from suppression.domain.identifiers.postal.mended.tidied_lines import (
    MAY_BE_TIDIED,
    lines_without_letter,
    tidied_lines,
)

_FIGURES = re.compile(r"\d+")
_SPACES = re.compile(r"[ \t]+")
# France without its places overseas, in lists of countries from before 1997.
_METROPOLITAN = "fx"
_PLANS = {"at": "de", "li": "de"}


class AddressKeys(NamedTuple):
    """The address parts of the match keys, one for each reading and house number.

    Stops are stored under the `written` ones, those of the likeliest or oldest reading first; the
    `lookups` ones are only looked up. `houses` are those of a single reading, for consents.
    """

    written: list[str]
    lookups: list[str]
    houses: list[str]


def address_keys(fields: PostalAddress, region: str, note: TraceCallback) -> AddressKeys:
    """Return the address parts of the match keys; trace the steps that make them.

    Raise IdentifierParseError without a street, or if country or postcode are unreadable.
    """
    # Step 2
    country = country_of(fields.country, region, fields.postcode)
    postcode, city = fields.postcode, fields.city
    if not postcode and city[:1].isdigit():
        postcode, _, city = city.partition(" ")
    # Step 3
    older = older_postcode(country, postcode, city)
    postcode = canonical_postcode(country, postcode, city)
    # Steps 1 and 4 to 6
    lines = [
        _fold_line(line, fields.postcode)
        for line in (fields.street, fields.line1, fields.line2)
        if line
    ]
    written, lookups = _deliveries(lines, _PLANS.get(country, country), fold(city).lower().strip())
    if note is not silent:
        note("country", country, key=True)
        note("postcode", postcode, key=True)
        note("street as read", " / ".join(lines))
        note("street", " or ".join(dict.fromkeys(line.street for line in written)), key=True)
        numbers = ["-".join(line.numbers) for line in written]
        note("number", " or ".join(dict.fromkeys(numbers)), key=True)
    if not written:
        raise IdentifierParseError("malformed", "Send at least `street` and `postcode`.")
    asked_keys = _door_keys(f"{country}|{postcode}", lookups)
    if older:
        asked_keys += _door_keys(f"{country}|{older}", [*written, *lookups])
    if fields.country.strip().lower() == _METROPOLITAN:
        asked_keys += _metropolitan_keys(lines, postcode=fields.postcode, city=city)
    return AddressKeys(
        written=_door_keys(f"{country}|{postcode}", written),
        lookups=asked_keys,
        houses=_door_keys(f"{country}|{postcode}", written[:1]),
    )


def _metropolitan_keys(lines: list[str], *, postcode: str, city: str) -> list[str]:
    """Return the keys of an address in FX as 0.9.0 read it: in a country beside France."""
    code = canonical_postcode(_METROPOLITAN, postcode, city)
    readings, _ = _readings(lines, _METROPOLITAN, fold(city).lower().strip())
    return _door_keys(f"{_METROPOLITAN}|{code}", readings)


def _door_keys(place: str, readings: list[DeliveryLine]) -> list[str]:
    """Return the keys of these streets, one for each house number; `place` is country|postcode."""
    return [
        f"{place}|{line.street}|{number}" for line in readings for number in line.numbers or ("",)
    ]


def _deliveries(
    lines: list[str], plan: str, city: str
) -> tuple[list[DeliveryLine], list[DeliveryLine]]:
    """Return the readings of the street that stops are stored under, and those only looked up.

    The lines are read as they were written, mended, and mended and tidied: the last reading is the
    likeliest. Two readings are only looked up: a number between a hamlet and grounds as that of the
    grounds, and the letter `r` of a house number as `rue`.
    """
    written, lookups = _readings(lines, plan, city)
    others = [grounds_delivery_line(lines, plan, city)]
    before, newer = lines, [mended_lines(lines, plan)]
    if plan == "fr" and MAY_BE_TIDIED.search("\n".join(lines)):
        newer.append(tidied_lines(lines, plan))
        without_letter = lines_without_letter(newer[-1])
        if without_letter != newer[-1]:
            others += _readings(without_letter, plan, city)[0]
    for mended in newer:
        if mended != before:
            written, lookups = _with_unmended(*_readings(mended, plan, city), (written, lookups))
            before = mended
    return written, lookups + [line for line in others if line and line not in written]


def _with_unmended(
    written: list[DeliveryLine],
    lookups: list[DeliveryLine],
    unmended: tuple[list[DeliveryLine], list[DeliveryLine]],
) -> tuple[list[DeliveryLine], list[DeliveryLine]]:
    """Return the readings to store and to look up: those of mended lines and the `unmended` ones.

    An unmended reading that stops were stored under comes first if it is the same house by `_door`;
    any other is only looked up. A mended reading that took its house number into the name is left
    out, as nothing was ever stored under it.
    """
    doors = [line for line in written if line.numbers or not written[0].numbers]
    known = [_door(line) for line in doors]
    same = [line for line in unmended[0] if line not in doors and _door(line) in known]
    others = dict.fromkeys([*lookups, *unmended[0], *unmended[1]])
    return same + doors, [line for line in others if line not in same + doors]


def _door(line: DeliveryLine) -> tuple[tuple[str, ...], str, bool, list[str]]:
    """Return what readings of one house share.

    It is the numbers, the street's kind, whether it has a name, and the first number in the name.
    """
    kind, _, name = line.street.partition(" ")
    return line.numbers, kind, bool(name), _FIGURES.findall(name)[:1]


def _readings(
    lines: list[str], plan: str, city: str
) -> tuple[list[DeliveryLine], list[DeliveryLine]]:
    """Return the readings that stops are stored under, and those that are only looked up.

    Stops are stored under the older reading too if it is the same house: the numbers and the kind
    of street are the same, or the words of the same part of the lines are read otherwise, or it
    took the house number into the name. Any other older reading may be somebody else's house and is
    only looked up. With the same numbers the older reading is the first, else the newer.
    """
    older, plain = delivery_line(lines, plan), plain_delivery_line(lines, plan, city)
    if plain is None or not plain.street or plain == older:
        return [older] if older.street else [], []
    same_numbers = older.numbers == plain.numbers
    if same_numbers and older.street.partition(" ")[0] == plain.street.partition(" ")[0]:
        return [older, plain], []
    may_be_same = bool(older.street) and (same_numbers or plan == "fr")
    if may_be_same and is_older_in_other_words(lines, plan, plain):
        return [older, plain] if same_numbers else [plain, older], []
    if _took_number_into_name(older, plain):
        return [plain, older], []
    return [plain], [line for line in (older,) if line.street]


def _took_number_into_name(older: DeliveryLine, plain: DeliveryLine) -> bool:
    """Return whether an older reading has the house number in its name: `clos12ruefoch`.

    It must have the name of today's reading in its name as well.
    """
    if older.numbers or not plain.numbers:
        return False
    number, name = plain.numbers[0].rstrip(ascii_lowercase), plain.street.rpartition(" ")[2]
    before, middle, behind = older.street.partition(name)
    return bool(middle) and number in f"{before} {behind}"


def joined_keys(first: AddressKeys, second: AddressKeys) -> AddressKeys:
    """Return the keys of two ways to sort lines into fields, the first way's keys first.

    For consents only the keys of the second way count.
    """
    written = list(dict.fromkeys(first.written + second.written))
    lookups = [key for key in dict.fromkeys(first.lookups + second.lookups) if key not in written]
    return AddressKeys(written=written, lookups=lookups, houses=second.houses)


def _fold_line(line: str, postcode: str) -> str:
    """Fold a street line (step 1); cut off the postcode and what follows it."""
    text = fold(line).lower().strip()
    if "  " in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    if postcode and (position := text.find(f" {postcode}")) > 0:
        text = text[:position]
    return text
