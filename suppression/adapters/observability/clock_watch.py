"""Says once, when it begins and when it ends, that this machine's clock is off the database's."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from suppression.domain.calendar.clock_offsets import is_off

log = logging.getLogger(__name__)


class ClockWatch:
    """What this process last knew of its machine's clock."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.ahead: timedelta | None = None
        self.off = False
        self._lock = threading.Lock()

    def note(self, ahead: timedelta) -> None:
        """Take in how far the clock was ahead at a look."""
        with self._lock:
            self.ahead = ahead
            was, self.off = self.off, is_off(ahead, was_off=self.off)
        if self.off == was:
            return
        fields = {"ahead_seconds": round(ahead.total_seconds(), 3)}
        if was:
            log.info("clock agrees with the database's again", extra={"fields": fields})
        else:
            log.warning("clock is off the database's", extra={"fields": fields})
