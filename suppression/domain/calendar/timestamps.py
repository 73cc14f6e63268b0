"""Timestamps as text in RFC 3339: written in UTC with Z, parsed with any zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})"
)

FIRST_ENDLESS_YEAR = 9000
TICK = timedelta(microseconds=1)
"""The smallest step of time that the databases keep."""


def is_never(end: datetime) -> bool:
    """Return whether an end date means for ever: it is in the year 9000 or later.

    >>> is_never(datetime(9999, 12, 31)), is_never(datetime(2036, 12, 31))
    (True, False)
    """
    return end.year >= FIRST_ENDLESS_YEAR


def to_rfc3339(instant: datetime) -> str:
    """Format an aware datetime as RFC 3339 in UTC, with Z.

    >>> to_rfc3339(datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    '2026-11-21T09:30:00Z'
    """
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return in_utc.isoformat().replace("+00:00", "Z")


def from_rfc3339(text: str) -> datetime:
    """Parse an RFC 3339 text with a zone to an aware datetime in UTC.

    Raise ValueError for any other text, and for an instant out of the range of datetime.

    >>> from_rfc3339("2026-11-21T10:30:00+01:00") == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    True
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError("not an RFC 3339 time")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError("a time out of range") from None
