"""Parsing of timestamps in exports: ISO, RFC 3339, and French with the day first.

`parse_date_range` also parses Unix seconds, and times with a zone as Go writes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from suppression.domain.calendar.locations import possible_zones_of_country
from suppression.domain.calendar.timestamps import TICK, from_rfc3339, is_never, to_rfc3339

_EARLIEST_YEAR = 1990
_TIME = r"(?:[T ,]+(?:à |a |at )?([0-9]{1,2})[:h]([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?)?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _TIME)
_FRENCH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})" + _TIME)

_NEVER = re.compile(r"(9[0-9]{3}-.*[0-9])(?:[Zz]|[+-][0-9]{2}:[0-9]{2})")
"""A time from the year 9000 on, which means never; the group leaves out its zone."""
_ZONED = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?)"
    r" (?:([+-][0-9]{2}):?([0-9]{2})(?: [A-Z]{1,5})?|UTC)"
)
"""A time with its zone as Go and other programs write it: 2026-03-04 05:06:07.8 +0000 UTC."""
_UNIX = re.compile(r"[12][0-9]{9}")
"""Seconds since 1970, of the years 2001 to 2065.

A shorter number, or one with another first digit, is more likely a spreadsheet's count of days, or
a telephone number in a row whose columns are shifted.
"""


class DateRange(NamedTuple):
    """The instants that a text may mean, from `first` to `last` inclusive, aware and in UTC.

    `day`: whether the text means a whole day.
    """

    first: datetime
    last: datetime
    day: bool = False

    @property
    def end(self) -> datetime:
        """The end of a period until this date: the midnight after the day, else `last`."""
        return self.last + TICK if self.day else self.last

    def latest(self, now: datetime) -> datetime:
        """Return the latest instant of the range that is not after `now`; `first` without one."""
        return min(self.last, max(self.first, now))


def parse_datetime(text: str, zone: str) -> datetime:
    """Parse a timestamp to an aware datetime in UTC.

    A text without a zone is local to `zone` (IANA); a date without a time is 00:00. If a clock
    change makes the text mean two instants, return the earlier. Raise ValueError if the text is no
    timestamp, or one before 1990 (in UTC) or out of range.

    >>> parse_datetime("31/12/2025 09:30", "Europe/Paris")
    datetime.datetime(2025, 12, 31, 8, 30, tzinfo=datetime.timezone.utc)
    """
    text = " ".join(text.split())
    try:
        instant = from_rfc3339(text.replace(" ", "T", 1))
    except ValueError:
        instant = min(_interpretations(_parse_naive(text), [zone]))
    if instant.year < _EARLIEST_YEAR:
        raise ValueError("before any such record")
    return instant


def parse_date_range(text: str, country: str) -> DateRange:
    """Return the range of instants that a company in this country may mean by a text.

    The text is ISO 8601, RFC 3339, French with the day first (03/04/2026 is 3 April), Unix seconds,
    or a time as Go writes it. `country` is an ISO 3166-1 alpha-2 code. A date without a time means
    the whole day in that country, and so does a midnight without a zone, because spreadsheets write
    dates as midnights. Any other time without a zone is local to the country, or in UTC, as many
    tools write it. For an unknown country, a local time may be in any zone of the world. From the
    year 9000 on, any zone is ignored, and the range is a single instant in UTC. Raise ValueError if
    the text is no timestamp, or one before 1990 (in UTC) or out of range.

    >>> parse_date_range("21/11/2026", "FR").last.isoformat()
    '2026-11-21T22:59:59.999999+00:00'
    >>> [instant.hour for instant in parse_date_range("21/11/2026 14:30", "FR")[:2]]
    [13, 14]
    """
    text = _NEVER.sub(r"\1", _in_rfc3339(" ".join(text.split())))
    try:
        instant = from_rfc3339(text.replace(" ", "T", 1))
        date_range = DateRange(instant, instant)
    except ValueError:
        date_range = _date_range(_parse_naive(text), possible_zones_of_country(country))
    if date_range.first.year < _EARLIEST_YEAR:
        raise ValueError("before any such record")
    return date_range


def is_unix_timestamp(text: str) -> bool:
    """Return whether a text is a count of seconds since 1970, of the years 2001 to 2065.

    >>> (is_unix_timestamp("1764115200"), is_unix_timestamp("2026-11-21"),
    ...  is_unix_timestamp("0612345678"))
    (True, False, False)
    """
    return bool(_UNIX.fullmatch(text))


def _in_rfc3339(text: str) -> str:
    """Return Unix seconds, or a time with a zone as Go writes it, as RFC 3339; else the text."""
    if is_unix_timestamp(text):
        return to_rfc3339(datetime.fromtimestamp(int(text), UTC))
    if match := _ZONED.fullmatch(text):
        day, time_of_day, hours, minutes = match.groups()
        return f"{day}T{time_of_day}{hours}:{minutes}" if hours else f"{day}T{time_of_day}Z"
    return text


def _date_range(naive: datetime, zones: Sequence[str]) -> DateRange:
    """Return the range of instants that a naive timestamp may mean.

    A midnight means the whole day in these zones; any other time is in one of these zones or in
    UTC. From the year 9000 on, the range is a single instant in UTC. Raise ValueError if an instant
    is out of range.
    """
    if is_never(naive):  # no zone matters, and converting the last year may overflow
        return DateRange(naive.replace(tzinfo=UTC), naive.replace(tzinfo=UTC))
    if naive.time() != time.min:
        instants = _interpretations(naive, (*zones, "UTC"))
        return DateRange(min(instants), max(instants))
    last = naive.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return DateRange(
        min(_interpretations(naive, zones)), max(_interpretations(last, zones)), day=True
    )


def _interpretations(naive: datetime, zones: Sequence[str]) -> list[datetime]:
    """Return the instants, in UTC, of a naive timestamp in these IANA zones: two per zone.

    The two are equal except at a clock change. Raise ValueError if an instant is out of range.
    """
    local = [naive.replace(tzinfo=ZoneInfo(zone)) for zone in zones]
    try:
        return [zoned.replace(fold=fold).astimezone(UTC) for zoned in local for fold in (0, 1)]
    except OverflowError:
        raise ValueError("a time out of range") from None


def _parse_naive(text: str) -> datetime:
    """Parse a timestamp without a zone to a naive datetime, without fractions of a second.

    Raise ValueError for any other text.
    """
    if match := _ISO.fullmatch(text):
        year, month, day = match.group(1, 2, 3)
    elif match := _FRENCH.fullmatch(text):
        day, month, year = match.group(1, 2, 3)
    else:
        raise ValueError("not a date")
    hour, minute, second = (int(digits or 0) for digits in match.group(4, 5, 6))
    return datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001
