"""The location of a telephone number: its time zones, and whose public holidays apply."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """The time zones (IANA) that a number may be in, and its territories (ISO 3166-1 alpha-2).

    Without zones the person's local time is unknown. With several, a contact must be allowed in
    each.
    """

    zones: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()


UNKNOWN_LOCATION = Location()
"""The location of an e-mail or postal address, or of a number that reveals none."""

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
    """Return the time zone of a controller's country; `otherwise` if we know no single one.

    >>> zone_of_country("FR"), zone_of_country("US")
    ('Europe/Paris', 'UTC')
    """
    return _ZONES.get(country, otherwise)
