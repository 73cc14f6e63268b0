"""Where a telephone number is: what time it is there, and whose public holidays are kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """Every time zone (IANA) that a number may be in, and territories (ISO 3166-1 alpha-2).

    Without zones it is not known what time it is for the person. With several, what is allowed
    must be allowed in each of them.
    """

    zones: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()


UNKNOWN_LOCATION = Location()
"""The place of what is no number, or of one that tells no place."""

_ZONES = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GF": "America/Cayenne",
    "GP": "America/Guadeloupe",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LU": "Europe/Luxembourg",
    "MC": "Europe/Monaco",
    "MQ": "America/Martinique",
    "NL": "Europe/Amsterdam",
    "PT": "Europe/Lisbon",
    "RE": "Indian/Reunion",
    "YT": "Indian/Mayotte",
}


def zone_of_country(country: str, *, otherwise: str = "UTC") -> str:
    """The time zone of a controller's country, where it is one and we know it.

    >>> zone_of_country("FR"), zone_of_country("US")
    ('Europe/Paris', 'UTC')
    """
    return _ZONES.get(country, otherwise)
