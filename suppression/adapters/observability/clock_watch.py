"""The offset of this machine's clock from the database's, and a log line when it is too large."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

MOST_OFF = timedelta(seconds=2)
"""A warning is logged above this offset."""

AGREES_AGAIN = timedelta(seconds=1)
"""At this offset or below the warning ends. It is below MOST_OFF: a wavering clock warns once."""


class ClockWatch:
    """The last known offset of this machine's clock from the database's. Thread-safe."""

    def __init__(self) -> None:
        """Start without a known offset."""
        self.ahead: timedelta | None = None
        self.off = False
        self._lock = threading.Lock()

    def note(self, ahead: timedelta) -> None:
        """Store by how much this clock is ahead of the database's; negative if behind.

        Log when the offset becomes too large, and when it is small again (`is_off`).
        """
        with self._lock:
            self.ahead = ahead
            was_off, self.off = self.off, is_off(ahead, was_off=self.off)
        if self.off == was_off:
            return
        fields = {"ahead_seconds": round(ahead.total_seconds(), 3)}
        if was_off:
            log.info("clock agrees with the database's again", extra={"fields": fields})
        else:
            log.warning("clock is off the database's", extra={"fields": fields})


def is_off(ahead: timedelta, *, was_off: bool) -> bool:
    """Return whether an offset is too large: over 2 s either way, or over 1 s if `was_off`.

    >>> is_off(timedelta(seconds=1.5), was_off=False), is_off(timedelta(seconds=-1.5), was_off=True)
    (False, True)
    """
    return abs(ahead) > (AGREES_AGAIN if was_off else MOST_OFF)


def ahead_by(before: datetime, database: datetime, after: datetime) -> timedelta:
    """Return how far the machine's clock is surely ahead of the database's; negative if behind.

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
