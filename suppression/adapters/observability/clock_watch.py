"""A log line when this machine's clock starts or stops differing from the database's."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from suppression.domain.calendar.clock_offsets import is_off

log = logging.getLogger(__name__)


class ClockWatch:
    """The last known offset of this machine's clock from the database's. Thread-safe."""

    def __init__(self) -> None:
        """Begin without a known offset."""
        self.ahead: timedelta | None = None
        self.off = False
        self._lock = threading.Lock()

    def note(self, ahead: timedelta) -> None:
        """Store how far this machine's clock is ahead; log when it starts or stops differing."""
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
