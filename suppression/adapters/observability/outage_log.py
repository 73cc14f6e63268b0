"""One line in the log for each outage of the database and one at its end, not one per request."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from suppression.domain.errors import DatabaseUnavailableError

log = logging.getLogger(__name__)

QUIET_SECONDS = 1.0
"""An outage ends with the first answer that comes at least this long after its last refusal."""


class OutageLog:
    """The log of one process's outages of the database; threads share it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Create a log that knows of no outage; `monotonic` returns seconds."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._told: set[str] = set()
        self._began = self._last = 0.0
        self._refused = 0
        self.is_open = False
        """Whether an outage has begun and its end has not been logged yet."""

    def note_refusal(self, error: DatabaseUnavailableError, fields: Mapping[str, object]) -> None:
        """Count a refusal; log `unavailable` with `fields`, once per outage for each reason.

        The log line also has the `reason` for the operator, and types and frames of the error.
        """
        reason = error.for_operator
        with self._lock:
            self._last = self._monotonic()
            if not self._told:
                self._began, self._refused = self._last, 0
            self._refused += 1
            is_known = reason in self._told
            self._told.add(reason)
            self.is_open = True
        if not is_known:
            told = {**fields, "reason": reason}
            log.error("unavailable", exc_info=error, extra={"fields": told})

    def note_answer(self) -> None:
        """Note that the database has answered; log `available again` if that ends an outage.

        The line has the outage's length and its number of refusals.

        Do nothing without an outage, or within a second of its last refusal: a server that takes
        some connections and refuses others has one outage, not many.
        """
        with self._lock:
            now = self._monotonic()
            if not self._told or now - self._last < QUIET_SECONDS:
                return
            fields = {"seconds": round(now - self._began, 1), "refused": self._refused}
            self._told.clear()
            self.is_open = False
        log.warning("available again", extra={"fields": fields})
