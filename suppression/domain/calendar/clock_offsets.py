"""The offset of a machine's clock from the database's, as far as one measurement can tell."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_OFF = timedelta(seconds=2)
"""A warning is given above this offset."""

AGREES_AGAIN = timedelta(seconds=1)
"""The warning ends at this offset: a clock that wavers about MOST_OFF causes one warning."""


def is_off(ahead: timedelta, *, was_off: bool) -> bool:
    """Return whether a clock is off: by over MOST_OFF, or by over AGREES_AGAIN if `was_off`.

    >>> is_off(timedelta(seconds=1.5), was_off=False), is_off(timedelta(seconds=-1.5), was_off=True)
    (False, True)
    """
    return abs(ahead) > (AGREES_AGAIN if was_off else MOST_OFF)


def ahead_by(before: datetime, database: datetime, after: datetime) -> timedelta:
    """Return by how much the machine is certainly ahead of the database; negative if it is behind.

    The machine's clock was read before and after the database's: an offset that the time between
    these readings may explain counts as zero.

    >>> noon, second = datetime(2026, 11, 28, 12), timedelta(seconds=1)
    >>> ahead_by(noon, noon + second, noon + 2 * second)
    datetime.timedelta(0)
    >>> ahead_by(noon, noon - 5 * second, noon + second)
    datetime.timedelta(seconds=5)
    """
    if database < before:
        return before - database
    return min(after - database, timedelta())
