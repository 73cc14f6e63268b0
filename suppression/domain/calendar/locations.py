"""The location of a telephone number or a controller: its time zones, and whose holidays apply."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """The time zones (IANA) that a number may be in, and its territories (ISO 3166-1 alpha-2).

    If there is no zone, the person's local time is unknown. If there are several, a contact must be
    allowed in each. Where contact hours exclude public holidays, they exclude those of the
    territories too.
    """

    zones: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()


UNKNOWN_LOCATION = Location()
"""The location of an e-mail or postal address, or of a number that does not reveal it."""

_ZONES = {
    country: tuple(zones.split())
    for country, zones in {
        "AT": "Europe/Vienna",
        "BE": "Europe/Brussels",
        "BG": "Europe/Sofia",
        "BL": "America/Guadeloupe",
        "CH": "Europe/Zurich",
        "CY": "Asia/Nicosia",
        "CZ": "Europe/Prague",
        "DE": "Europe/Berlin",
        "DK": "Europe/Copenhagen",
        "EE": "Europe/Tallinn",
        "ES": "Europe/Madrid Atlantic/Canary",
        "FI": "Europe/Helsinki",
        "FR": "Europe/Paris",
        "GB": "Europe/London",
        "GF": "America/Cayenne",
        "GP": "America/Guadeloupe",
        "GR": "Europe/Athens",
        "HR": "Europe/Zagreb",
        "HU": "Europe/Budapest",
        "IE": "Europe/Dublin",
        "IS": "Atlantic/Reykjavik",
        "IT": "Europe/Rome",
        "LI": "Europe/Vaduz",
        "LT": "Europe/Vilnius",
        "LU": "Europe/Luxembourg",
        "LV": "Europe/Riga",
        "MC": "Europe/Monaco",
        "MF": "America/Guadeloupe",
        "MQ": "America/Martinique",
        "MT": "Europe/Malta",
        "NC": "Pacific/Noumea",
        "NL": "Europe/Amsterdam",
        "NO": "Europe/Oslo",
        "PF": "Pacific/Tahiti Pacific/Marquesas Pacific/Gambier",
        "PL": "Europe/Warsaw",
        "PM": "America/Miquelon",
        "PT": "Europe/Lisbon Atlantic/Azores",
        "RE": "Indian/Reunion",
        "RO": "Europe/Bucharest",
        "SE": "Europe/Stockholm",
        "SI": "Europe/Ljubljana",
        "SK": "Europe/Bratislava",
        "WF": "Pacific/Wallis",
        "YT": "Indian/Mayotte",
    }.items()
}
"""The time zones of each known country, the most populous first; a controller may be elsewhere."""


ALL_ZONES = ("Etc/GMT-14", "Etc/GMT+12")
"""The first and the last zone in which a day begins."""


def zones_of_country(country: str) -> tuple[str, ...]:
    """Return the IANA time zones of a country (ISO 3166-1 alpha-2); () for an unknown country.

    >>> zones_of_country("BE"), zones_of_country("ES"), zones_of_country("US")
    (('Europe/Brussels',), ('Europe/Madrid', 'Atlantic/Canary'), ())
    """
    return _ZONES.get(country, ())


def possible_zones_of_country(country: str) -> tuple[str, ...]:
    """Return the IANA time zones of a country (ISO 3166-1 alpha-2).

    For an unknown country, return the first and the last time zone in which a day begins.

    >>> possible_zones_of_country("FR"), possible_zones_of_country("US")
    (('Europe/Paris',), ('Etc/GMT-14', 'Etc/GMT+12'))
    """
    return _ZONES.get(country, ALL_ZONES)


def main_zone_of_country(country: str) -> str:
    """Return the main IANA time zone of a country (ISO 3166-1 alpha-2); UTC if it is unknown.

    The controllers of the country count days in this zone.

    >>> main_zone_of_country("BE"), main_zone_of_country("PF"), main_zone_of_country("US")
    ('Europe/Brussels', 'Pacific/Tahiti', 'UTC')
    """
    return _ZONES.get(country, ("UTC",))[0]
