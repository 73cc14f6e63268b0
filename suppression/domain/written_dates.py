"""Moments as exports write them: ISO, RFC 3339, and French with the day first."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from suppression.domain.moments import from_rfc3339

_EARLIEST_YEAR = 1990
_TIME = r"(?:[T ,]+(?:à |a |at )?([0-9]{1,2})[:h]([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?)?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _TIME)
_FRENCH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})" + _TIME)


def written_moment(text: str, zone: str) -> datetime:
    """The moment of a text, in UTC; ValueError if it is none or cannot be true.

    Without its own zone it is local to `zone`, and a date without a time is 00:00: never later than
    it was. Where a clock change leaves two moments, the earlier.

    >>> written_moment("31/12/2025 09:30", "Europe/Paris")
    datetime.datetime(2025, 12, 31, 8, 30, tzinfo=datetime.timezone.utc)
    """
    text = " ".join(text.split())
    try:
        moment = from_rfc3339(text.replace(" ", "T", 1))
    except ValueError:
        moment = _local(text, ZoneInfo(zone))
    if moment.year < _EARLIEST_YEAR:
        raise ValueError("before any such record")
    return moment


def _local(text: str, zone: ZoneInfo) -> datetime:
    if found := _ISO.fullmatch(text):
        year, month, day = found.group(1, 2, 3)
    elif found := _FRENCH.fullmatch(text):
        day, month, year = found.group(1, 2, 3)
    else:
        raise ValueError("not a date")
    hour, minute, second = (int(one or 0) for one in found.group(4, 5, 6))
    local = datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=zone)
    try:
        return min(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        raise ValueError("a time out of range") from None
