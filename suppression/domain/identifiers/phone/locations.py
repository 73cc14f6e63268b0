"""The location of a number: French territories by places.csv, others by libphonenumber.

libphonenumber does not distinguish Reunion from Mayotte, and does not know the time zone of half
their numbers, nor of Polynesia's mobiles: places.csv distinguishes them as far as prefixes can
(docs/rules.md#t5, docs/rules.md#t8).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import phonenumbers
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from suppression.domain.calendar.locations import UNKNOWN_LOCATION, Location

_MAX_PREFIX_LENGTH = 6
_CALLING_CODE = re.compile(r"(?:\+|00)([1-9][0-9]{0,2})")
_TABLE = Path(__file__).with_name("places.csv")


def _read_locations() -> dict[str, Location]:
    """Read places.csv: locations by prefix, the first digits of a number after its +."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {
            row["prefix"]: Location(
                zones=tuple(row["zones"].split()), territories=tuple(row["territories"].split())
            )
            for row in csv.DictReader(lines)
        }


_LOCATIONS_BY_PREFIX = _read_locations()


def location_of_number(e164: str) -> Location:
    """Return the location of a number in E.164 with +; UNKNOWN_LOCATION if its zone is not known.

    The location of a number outside France and its territories has no `territories`.

    >>> location_of_number("+33612345678").zones, location_of_number("+262692123456").zones
    (('Europe/Paris',), ('Indian/Reunion',))
    """
    digits = e164[1:]
    if digits.startswith("33"):
        return _LOCATIONS_BY_PREFIX["33"]
    for length in range(_MAX_PREFIX_LENGTH, 1, -1):
        if location := _LOCATIONS_BY_PREFIX.get(digits[:length]):
            return location
    return _location_abroad(e164)


@cache
def location_of_territory(country: str) -> Location:
    """Return the location of a number of which only the French territory (ISO 3166-1) is known.

    `FR` is metropolitan France. Return UNKNOWN_LOCATION if `country` is no French territory. This
    is for numbers that came hashed: only the country that their sender states tells their location.

    >>> location_of_territory("MQ").zones
    ('America/Martinique',)
    """
    locations = [
        location for location in _LOCATIONS_BY_PREFIX.values() if country in location.territories
    ]
    return min(locations, key=lambda location: len(location.zones), default=UNKNOWN_LOCATION)


def _location_abroad(e164: str) -> Location:
    """Return the location of a number abroad by libphonenumber; UNKNOWN_LOCATION if unknown."""
    zones = time_zones_for_number(phonenumbers.parse(e164))
    return UNKNOWN_LOCATION if UNKNOWN_TIMEZONE in zones else Location(zones=tuple(zones))


def country_of_code(text: str) -> str:
    """Return the country (ISO 3166-1 alpha-2) of a calling code like `+32` or `0032`.

    Return '' for any other text or code. If several countries share the code, return the main one.

    >>> country_of_code("+32"), country_of_code("0033"), country_of_code("32")
    ('BE', 'FR', '')
    """
    match = _CALLING_CODE.fullmatch(text)
    country = phonenumbers.region_code_for_country_code(int(match[1])) if match else ""
    return country if country in phonenumbers.SUPPORTED_REGIONS else ""
