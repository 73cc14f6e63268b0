"""Deadlines of cases (GDPR Art. 12(3), Regulation 1182/71 Art. 3).

See docs/rules.md#g2.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from suppression.domain.calendar.locations import main_zone_of_country, possible_zones_of_country
from suppression.domain.calendar.months import months_after
from suppression.domain.calendar.public_holidays import is_public_holiday, keeps_holidays

WARNED_BEFORE = timedelta(days=7)
_EXTENDED_MONTHS = 3
_SATURDAY = 5


def day_in(country: str, now: datetime) -> date:
    """Return the day at `now` in a controller's country, by the country's main time zone.

    For an unknown country it is the day in UTC.

    >>> from datetime import UTC
    >>> day_in("FR", datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    datetime.date(2026, 11, 22)
    """
    return now.astimezone(ZoneInfo(main_zone_of_country(country))).date()


def end_of_day(day: date, country: str) -> datetime:
    """Return the last microsecond of a day in a controller's country, in UTC.

    Of several time zones, the one where the day ends last counts; for an unknown country, the last
    of the world.

    >>> end_of_day(date(2026, 11, 20), "ES").isoformat(timespec="minutes")
    '2026-11-20T23:59+00:00'
    """
    zones = map(ZoneInfo, possible_zones_of_country(country))
    return max(datetime.combine(day, time.max, zone) for zone in zones).astimezone(UTC)


def instant_in(country: str, day: date, at: time) -> datetime:
    """Return the instant, in UTC, of a day and time in the main time zone of a country.

    For an unknown country the day and time are in UTC.
    """
    zone = ZoneInfo(main_zone_of_country(country))
    return datetime.combine(day, at, zone).astimezone(UTC)


def due_on(received_on: date, country: str) -> date:
    """Return the last day for the answer: a month after receipt, moved on to a working day.

    >>> due_on(date(2026, 1, 31), "FR")
    datetime.date(2026, 3, 2)
    """
    return _working_day(months_after(received_on, 1), country)


def extended_due_on(received_on: date, country: str) -> date:
    """Return the extended last day: three months after receipt, moved on to a working day.

    >>> extended_due_on(date(2026, 4, 14), "FR")
    datetime.date(2026, 7, 15)
    """
    return _working_day(months_after(received_on, _EXTENDED_MONTHS), country)


def _working_day(day: date, country: str) -> date:
    """Return the day, or the next one that is no Saturday, Sunday or public holiday.

    If the library does not know the country's holidays, only weekends count, so that the deadline
    is rather too early than too late.
    """
    while day.weekday() >= _SATURDAY or (
        keeps_holidays(country) and is_public_holiday(country, day)
    ):
        day += timedelta(days=1)
    return day
