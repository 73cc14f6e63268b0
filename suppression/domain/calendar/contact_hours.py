"""Contact hours: when a person may be contacted, by clock and calendar of the person's place.

`suppression/domain/policies/presets.py` has the hours that policies start with, and
`suppression/domain/checks/blockers.py` the consequences of a contact outside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from suppression.domain.calendar.public_holidays import is_public_holiday

MONDAY_TO_FRIDAY = frozenset(range(1, 6))
EVERY_DAY = frozenset(range(1, 8))
_MINUTES_OF_DAY = 24 * 60
_LOOK_AHEAD_DAYS = 400
_SPAN = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")


class Span(NamedTuple):
    """A span of a day, in minutes since midnight; its end is excluded."""

    start: int
    end: int

    @classmethod
    def from_text(cls, text: str) -> Span:
        """Parse a span such as `10:00-13:00`. Raise ValueError for any other text.

        >>> Span.from_text("10:00-13:00")
        Span(start=600, end=780)
        """
        match = _SPAN.fullmatch(text)
        if match is None:
            raise ValueError("not a span like 10:00-13:00")
        hour, minute, end_hour, end_minute = map(int, match.groups())
        start, end = hour * 60 + minute, end_hour * 60 + end_minute
        if max(minute, end_minute) >= 60 or not start < end <= _MINUTES_OF_DAY:  # noqa: PLR2004
            raise ValueError("not a span of one day")
        return cls(start, end)

    def __str__(self) -> str:
        """Return the text that `from_text` parses.

        >>> str(Span(600, 780))
        '10:00-13:00'
        """
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in self)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactHours:
    """Days of the week (ISO: Monday is 1), and the spans of each in which contact is allowed.

    `holidays`: a country (ISO 3166-1 alpha-2); contact is not allowed on its public holidays, nor
    on those of a number's own territories. It is '' if holidays are like other days.
    `time_zone`: an IANA zone that replaces the person's own; '' for the person's own.
    """

    days: frozenset[int]
    spans: tuple[Span, ...]
    holidays: str = ""
    time_zone: str = ""


class TimeWindow(NamedTuple):
    """A period in which contact is allowed, in UTC; `end` is excluded."""

    start: datetime
    end: datetime


def window_at(
    hours: ContactHours, instant: datetime, zone: str, territories: tuple[str, ...]
) -> TimeWindow | None:
    """Return the window that contains `instant`; None if contact is not allowed then.

    `instant` is aware. `zone` is the IANA time zone to count in, whatever `hours.time_zone` is. If
    `hours.holidays` is set, no contact is allowed on public holidays of `territories` (ISO 3166-1)
    either.

    >>> nine = datetime(2026, 11, 23, 8, tzinfo=UTC)
    >>> hours = ContactHours(days=MONDAY_TO_FRIDAY, spans=(Span.from_text("10:00-13:00"),))
    >>> window_at(hours, nine, "Europe/Paris", ()) is None
    True
    >>> window_at(hours, nine, "Indian/Reunion", ()).end.isoformat()
    '2026-11-23T09:00:00+00:00'
    """
    day = instant.astimezone(_zone(zone)).date()
    for window in _windows_on(hours, day, zone, territories):
        if window.start <= instant < window.end:
            return window
    return None


def next_window(
    hours: ContactHours, instant: datetime, zone: str, territories: tuple[str, ...]
) -> datetime | None:
    """Return the first allowed instant from `instant` on; None if the next 400 days have none.

    `instant` is aware, and `hours.spans` are in order. `zone` is the IANA time zone to count in,
    whatever `hours.time_zone` is. If `hours.holidays` is set, no contact is allowed on public
    holidays of `territories` (ISO 3166-1) either.

    >>> hours = ContactHours(days=MONDAY_TO_FRIDAY, spans=(Span.from_text("10:00-13:00"),))
    >>> saturday = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    >>> next_window(hours, saturday, "Europe/Paris", ()).isoformat()
    '2026-11-23T09:00:00+00:00'
    """
    today = instant.astimezone(_zone(zone)).date()
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        for window in _windows_on(hours, day, zone, territories):
            if instant < window.end:
                return max(instant, window.start)
    return None


def on_public_holiday(
    hours: ContactHours, instant: datetime, zone: str, territories: tuple[str, ...]
) -> bool:
    """Return whether `instant` is on a day of `hours.days` that is closed as a public holiday.

    `instant` is aware, and `zone` is the IANA time zone to count in. If `hours.holidays` is set, no
    contact is allowed on public holidays of `territories` (ISO 3166-1) either.
    """
    day = instant.astimezone(_zone(zone)).date()
    return day.isoweekday() in hours.days and _is_holiday(hours, day, territories)


def day_in(zone: str, instant: datetime) -> date:
    """Return the calendar day of an aware instant in an IANA time zone."""
    return instant.astimezone(_zone(zone)).date()


def midnight(zone: str, day: date) -> datetime:
    """Return the first instant of a day in an IANA time zone, as an aware datetime in UTC.

    >>> midnight("Atlantic/Azores", date(2026, 10, 25)).isoformat()  # 01:00 becomes 00:00 again
    '2026-10-25T00:00:00+00:00'
    """
    midnights = _both_folds(day, 0, _zone(zone))
    return min(
        (candidate for candidate in midnights if day_in(zone, candidate) == day),
        default=max(midnights),
    )


def _windows_on(
    hours: ContactHours, day: date, zone: str, territories: tuple[str, ...]
) -> Iterator[TimeWindow]:
    """Yield the windows of a day in UTC; none if the day is closed.

    A window that a clock change leaves no time for is left out.
    """
    if day.isoweekday() not in hours.days or _is_holiday(hours, day, territories):
        return
    zone_info = _zone(zone)
    for span in hours.spans:
        window = TimeWindow(
            _latest(day, span.start, zone_info), _earliest(day, span.end, zone_info)
        )
        if window.start < window.end:
            yield window


def _is_holiday(hours: ContactHours, day: date, territories: tuple[str, ...]) -> bool:
    """Return whether a day is a public holiday that closes these hours."""
    if not hours.holidays:
        return False
    return any(is_public_holiday(country, day) for country in {hours.holidays, *territories})


def _latest(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the later of the two UTC instants that a minute of a day may mean."""
    return max(_both_folds(day, minute, zone))


def _earliest(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the earlier of the two UTC instants that a minute of a day may mean."""
    return min(_both_folds(day, minute, zone))


def _both_folds(day: date, minute: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the two UTC instants that a minute, counted from a day's midnight, may mean.

    The two are equal unless a clock change repeats or skips the minute.
    """
    naive = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
    first, second = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name; known zones are cached."""
    return ZoneInfo(name)
