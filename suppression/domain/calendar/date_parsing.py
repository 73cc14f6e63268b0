"""Moments as exports write them: ISO, RFC 3339, Unix seconds, and French with the day first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from suppression.domain.calendar.locations import zone_of_country
from suppression.domain.calendar.timestamps import TICK, from_rfc3339, is_never, to_rfc3339

_EARLIEST_YEAR = 1990
_TIME = r"(?:[T ,]+(?:à |a |at )?([0-9]{1,2})[:h]([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?)?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _TIME)
_FRENCH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})" + _TIME)

_SOMEWHERE = ("Etc/GMT-14", "Etc/GMT+12")
_FAR = re.compile(r"(9[0-9]{3}-.*[0-9])(?:[Zz]|[+-][0-9]{2}:[0-9]{2})")
"""A time that never comes, without its zone."""
_ZONED = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?)"
    r" (?:([+-][0-9]{2}):?([0-9]{2})(?: [A-Z]{1,5})?|UTC)"
)
"""As Go and others write a time of a zone: 2026-03-04 05:06:07.8 +0000 UTC."""
_UNIX = re.compile(r"[12][0-9]{9}")
"""Seconds since 1970, of the years 2001 to 2065. Shorter, or with another digit first, it is rather
what a spreadsheet counts in days, or a telephone number in a row whose columns slipped."""


class DateRange(NamedTuple):
    """The first and the last moment that a text may mean, in UTC; `day` if it tells a day alone."""

    first: datetime
    last: datetime
    day: bool = False

    @property
    def end(self) -> datetime:
        """When what lasts until then is over: the next midnight where a day is all it tells."""
        return self.last + TICK if self.day else self.last

    def latest(self, now: datetime) -> datetime:
        """When something began at the latest: never ahead of now, unless the text itself is."""
        return min(self.last, max(self.first, now))


def parse_datetime(text: str, zone: str) -> datetime:
    """The moment of a text, in UTC; ValueError if it is none or cannot be true.

    Without its own zone it is local to `zone`, and a date without a time is 00:00: never later than
    it was. Where a clock change leaves two moments, the earlier.

    >>> parse_datetime("31/12/2025 09:30", "Europe/Paris")
    datetime.datetime(2025, 12, 31, 8, 30, tzinfo=datetime.timezone.utc)
    """
    text = " ".join(text.split())
    try:
        moment = from_rfc3339(text.replace(" ", "T", 1))
    except ValueError:
        moment = min(_interpretations(_clock(text), [zone]))
    if moment.year < _EARLIEST_YEAR:
        raise ValueError("before any such record")
    return moment


def parse_date_range(text: str, country: str) -> DateRange:
    """All that a text may mean that a company in this country exported; ValueError if nothing.

    A day is one of its own calendar, and so is midnight, as which tables write a day. A time
    without a zone is its own, or UTC, in which many tools write.

    >>> parse_date_range("21/11/2026", "FR").last.isoformat()
    '2026-11-21T22:59:59.999999+00:00'
    >>> [one.hour for one in parse_date_range("21/11/2026 14:30", "FR")[:2]]
    [13, 14]
    """
    text = _FAR.sub(r"\1", _in_rfc3339(" ".join(text.split())))
    zone = zone_of_country(country, otherwise="")
    try:
        moment = from_rfc3339(text.replace(" ", "T", 1))
        meant = DateRange(moment, moment)
    except ValueError:
        meant = _date_range(_clock(text), (zone,) if zone else _SOMEWHERE)
    if meant.first.year < _EARLIEST_YEAR:
        raise ValueError("before any such record")
    return meant


def is_unix_timestamp(text: str) -> bool:
    """Whether a moment is counted in seconds, as programs do and nobody who keeps a table does.

    >>> (is_unix_timestamp("1764115200"), is_unix_timestamp("2026-11-21"),
    ...  is_unix_timestamp("0612345678"))
    (True, False, False)
    """
    return bool(_UNIX.fullmatch(text))


def _in_rfc3339(text: str) -> str:
    """A moment that is written with its zone, or counted, as RFC 3339; any other text as it is."""
    if is_unix_timestamp(text):
        return to_rfc3339(datetime.fromtimestamp(int(text), UTC))
    if found := _ZONED.fullmatch(text):
        day, time_of_day, hours, minutes = found.groups()
        return f"{day}T{time_of_day}{hours}:{minutes}" if hours else f"{day}T{time_of_day}Z"
    return text


def _date_range(clock: datetime, zones: Sequence[str]) -> DateRange:
    if is_never(clock):  # no zone matters, and none can be counted with
        return DateRange(clock.replace(tzinfo=UTC), clock.replace(tzinfo=UTC))
    if clock.time() != time.min:
        instants = _interpretations(clock, (*zones, "UTC"))
        return DateRange(min(instants), max(instants))
    last = clock.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return DateRange(
        min(_interpretations(clock, zones)), max(_interpretations(last, zones)), day=True
    )


def _interpretations(clock: datetime, zones: Sequence[str]) -> list[datetime]:
    """When clocks show this in these zones: twice each, where a clock change makes it so."""
    local = [clock.replace(tzinfo=ZoneInfo(zone)) for zone in zones]
    try:
        return [instant.replace(fold=fold).astimezone(UTC) for instant in local for fold in (0, 1)]
    except OverflowError:
        raise ValueError("a time out of range") from None


def _clock(text: str) -> datetime:
    """What a clock showed, wherever it was."""
    if found := _ISO.fullmatch(text):
        year, month, day = found.group(1, 2, 3)
    elif found := _FRENCH.fullmatch(text):
        day, month, year = found.group(1, 2, 3)
    else:
        raise ValueError("not a date")
    hour, minute, second = (int(one or 0) for one in found.group(4, 5, 6))
    return datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001
