"""How far a machine's clock is off the database's, as far as one look can tell."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_OFF = timedelta(seconds=2)
"""Beyond it somebody is told."""

AGREES_AGAIN = timedelta(seconds=1)
"""Up to it that is over: one that wavers about the limit is told of once."""


def is_off(ahead: timedelta, *, was: bool) -> bool:
    """Whether a clock is off too far, or still is.

    >>> is_off(timedelta(seconds=1.5), was=False), is_off(timedelta(seconds=-1.5), was=True)
    (False, True)
    """
    return abs(ahead) > (AGREES_AGAIN if was else MOST_OFF)


def ahead_by(before: datetime, database: datetime, after: datetime) -> timedelta:
    """By how much the machine is ahead for certain; negative where it is behind.

    It looked at its own clock before and after the database looked: what the way there and back
    may explain is no offset.

    >>> noon, second = datetime(2026, 11, 28, 12), timedelta(seconds=1)
    >>> ahead_by(noon, noon + second, noon + 2 * second)
    datetime.timedelta(0)
    >>> ahead_by(noon, noon - 5 * second, noon + second)
    datetime.timedelta(seconds=5)
    """
    if database < before:
        return before - database
    return min(after - database, timedelta())
