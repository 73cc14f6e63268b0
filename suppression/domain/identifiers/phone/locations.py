"""From a number to its place: the French territories by our own table, others by libphonenumber.

libphonenumber joins Reunion and Mayotte, and does not know the zone of half their numbers, nor of
Polynesia's mobiles: phone/places.csv tells them apart as far as prefixes can (docs/rules.md#t5,
docs/rules.md#t8).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import phonenumbers
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from suppression.domain.calendar.locations import UNKNOWN_LOCATION, Location

_LONGEST_PREFIX = 6
_CALLING_CODE = re.compile(r"(?:\+|00)([1-9][0-9]{0,2})")
_TABLE = Path(__file__).with_name("places.csv")


def _read() -> dict[str, Location]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {
            row["prefix"]: Location(
                zones=tuple(row["zones"].split()), territories=tuple(row["territories"].split())
            )
            for row in csv.DictReader(lines)
        }


_OF_PREFIX = _read()


def location_of_number(e164: str) -> Location:
    """The place of a number in E.164 with +.

    >>> location_of_number("+33612345678").zones, location_of_number("+262692123456").zones
    (('Europe/Paris',), ('Indian/Reunion',))
    """
    digits = e164[1:]
    if digits.startswith("33"):
        return _OF_PREFIX["33"]
    for length in range(_LONGEST_PREFIX, 1, -1):
        if place := _OF_PREFIX.get(digits[:length]):
            return place
    return _abroad(e164)


@cache
def location_of_territory(country: str) -> Location:
    """The place of all numbers of a French territory, by its ISO 3166-1 code; else NOWHERE.

    For a number that came hashed: nothing else tells where it is.

    >>> location_of_territory("MQ").zones
    ('America/Martinique',)
    """
    locations = [place for place in _OF_PREFIX.values() if country in place.territories]
    return min(locations, key=lambda place: len(place.zones), default=UNKNOWN_LOCATION)


def _abroad(e164: str) -> Location:
    zones = time_zones_for_number(phonenumbers.parse(e164))
    return UNKNOWN_LOCATION if UNKNOWN_TIMEZONE in zones else Location(zones=tuple(zones))


def country_of_code(text: str) -> str:
    """The country of a calling code as `+32` or `0032`; '' for any other text.

    Of several countries that share one, the first: a national writing means the same in each.

    >>> country_of_code("+32"), country_of_code("0033"), country_of_code("32")
    ('BE', 'FR', '')
    """
    found = _CALLING_CODE.fullmatch(text)
    country = phonenumbers.region_code_for_country_code(int(found[1])) if found else ""
    return country if country in phonenumbers.SUPPORTED_REGIONS else ""
