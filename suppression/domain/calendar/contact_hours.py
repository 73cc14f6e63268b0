"""When a person may be contacted, by the clock and the calendar of where the person is."""

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
    """From a minute of the day up to another, which does not belong to it."""

    start: int
    end: int

    @classmethod
    def from_text(cls, text: str) -> Span:
        """The span of a text; ValueError if it is none.

        >>> Span.from_text("10:00-13:00")
        Span(start=600, end=780)
        """
        found = _SPAN.fullmatch(text)
        if found is None:
            raise ValueError("not a span like 10:00-13:00")
        hour, minute, end_hour, end_minute = map(int, found.groups())
        start, end = hour * 60 + minute, end_hour * 60 + end_minute
        if max(minute, end_minute) >= 60 or not start < end <= _MINUTES_OF_DAY:  # noqa: PLR2004
            raise ValueError("not a span of one day")
        return cls(start, end)

    def __str__(self) -> str:
        """As `of` reads it.

        >>> str(Span(600, 780))
        '10:00-13:00'
        """
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in self)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactHours:
    """Days (ISO: Monday is 1) and spans of them.

    `holidays`: the country (ISO 3166-1) whose public holidays are closed, and with it those of the
    territory that a number belongs to; '' for none. `time_zone`: an IANA zone that counts in the
    place of the person's own; '' for the person's own.
    """

    days: frozenset[int]
    spans: tuple[Span, ...]
    holidays: str = ""
    time_zone: str = ""


class TimeWindow(NamedTuple):
    """A time at which contact is allowed, in UTC; `end` does not belong to it."""

    start: datetime
    end: datetime


def window_at(
    hours: ContactHours, moment: datetime, zone: str, territories: tuple[str, ...]
) -> TimeWindow | None:
    """The opening that holds a moment, None if contact is not allowed then.

    >>> nine = datetime(2026, 11, 23, 8, tzinfo=UTC)
    >>> hours = ContactHours(days=MONDAY_TO_FRIDAY, spans=(Span.from_text("10:00-13:00"),))
    >>> window_at(hours, nine, "Europe/Paris", ()) is None
    True
    >>> window_at(hours, nine, "Indian/Reunion", ()).end.isoformat()
    '2026-11-23T09:00:00+00:00'
    """
    day = moment.astimezone(_zone(zone)).date()
    for opening in _windows_on(hours, day, zone, territories):
        if opening.start <= moment < opening.end:
            return opening
    return None


def next_window(
    hours: ContactHours, moment: datetime, zone: str, territories: tuple[str, ...]
) -> datetime | None:
    """The first allowed moment from `moment` on; None if there is none for a year.

    >>> hours = ContactHours(days=MONDAY_TO_FRIDAY, spans=(Span.from_text("10:00-13:00"),))
    >>> saturday = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    >>> next_window(hours, saturday, "Europe/Paris", ()).isoformat()
    '2026-11-23T09:00:00+00:00'
    """
    today = moment.astimezone(_zone(zone)).date()
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        for opening in _windows_on(hours, day, zone, territories):
            if moment < opening.end:
                return max(moment, opening.start)
    return None


def on_public_holiday(
    hours: ContactHours, moment: datetime, zone: str, territories: tuple[str, ...]
) -> bool:
    """Whether a day that would be open is closed for its public holiday."""
    day = moment.astimezone(_zone(zone)).date()
    return day.isoweekday() in hours.days and _is_holiday(hours, day, territories)


def day_in(zone: str, moment: datetime) -> date:
    """What day it is there."""
    return moment.astimezone(_zone(zone)).date()


def midnight(zone: str, day: date) -> datetime:
    """When a day begins there, in UTC: where midnight comes twice, the first of them.

    >>> midnight("Atlantic/Azores", date(2026, 10, 25)).isoformat()  # 01:00 becomes 00:00 again
    '2026-10-25T00:00:00+00:00'
    """
    found = _both(day, 0, _zone(zone))
    return min((instant for instant in found if day_in(zone, instant) == day), default=max(found))


def _windows_on(
    hours: ContactHours, day: date, zone: str, territories: tuple[str, ...]
) -> Iterator[TimeWindow]:
    if day.isoweekday() not in hours.days or _is_holiday(hours, day, territories):
        return
    there = _zone(zone)
    for span in hours.spans:
        opening = TimeWindow(_latest(day, span.start, there), _earliest(day, span.end, there))
        if opening.start < opening.end:
            yield opening


def _is_holiday(hours: ContactHours, day: date, territories: tuple[str, ...]) -> bool:
    if not hours.holidays:
        return False
    return any(is_public_holiday(one, day) for one in {hours.holidays, *territories})


def _latest(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The minute of a day: where summer time makes two of it, or none, the later moment."""
    return max(_both(day, minute, zone))


def _earliest(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return min(_both(day, minute, zone))


def _both(day: date, minute: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    naive = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
    instant, two = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return instant, two


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
