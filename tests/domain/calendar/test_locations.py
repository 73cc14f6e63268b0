"""The table of the time zones of controllers' countries agrees with that of phone numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from suppression.domain.calendar.date_parsing import parse_date_range
from suppression.domain.calendar.locations import (
    main_zone_of_country,
    zones_of_country,
)
from suppression.domain.identifiers.phone.locations import location_of_territory

FRENCH = ("FR", "GP", "BL", "MF", "MQ", "GF", "RE", "YT", "PM", "WF", "NC", "PF")
NEIGHBOURS = ("BE", "CH", "DE", "ES", "GB", "IT", "LU", "MC", "NL", "PT")


@pytest.mark.parametrize("territory", FRENCH)
def test_a_french_company_counts_its_days_where_its_numbers_are(territory: str) -> None:
    assert zones_of_country(territory) == location_of_territory(territory).zones
    assert main_zone_of_country(territory) == location_of_territory(territory).zones[0]


@pytest.mark.parametrize("country", FRENCH + NEIGHBOURS)
def test_every_zone_is_one_that_the_clock_knows(country: str) -> None:
    for zone in zones_of_country(country):
        assert ZoneInfo(zone).key == zone


@pytest.mark.parametrize(
    ("country", "first", "last"),
    [
        ("BE", "2026-07-01T22:00", "2026-07-02T22:00"),
        ("ES", "2026-07-01T22:00", "2026-07-02T23:00"),
        ("PT", "2026-07-01T23:00", "2026-07-03T00:00"),
        ("PF", "2026-07-02T09:00", "2026-07-03T10:00"),
        ("XX", "2026-07-01T10:00", "2026-07-03T12:00"),
    ],
)
def test_a_day_in_a_file_is_one_of_any_zone_of_the_company(
    country: str, first: str, last: str
) -> None:
    of_file = parse_date_range("02/07/2026", country)
    assert of_file.first == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert of_file.end == datetime.fromisoformat(last).replace(tzinfo=UTC)


def test_of_a_country_that_is_not_known_no_zone_is_guessed() -> None:
    assert zones_of_country("XX") == ()
    assert main_zone_of_country("XX") == "UTC"
