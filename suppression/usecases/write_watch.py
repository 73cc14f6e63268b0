"""Determine whether the database stores stops: from failed writes, and from a probe write."""

from __future__ import annotations

import threading
import time

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.database import last_failed_write, writing
from suppression.storage.operations.readiness import write_probe

PASSED_SECONDS = 30.0
"""For this long, a passed probe counts as proof that stops are stored, unless a write fails."""
FAILED_SECONDS = 5.0
"""After a failed write, a probe is repeated no sooner than this."""
_NEVER = float("-inf")


class WriteWatch:
    """A watch over whether the database stores the writes of this process."""

    def __init__(self) -> None:
        """Create a watch that has probed nothing yet."""
        self._probing = threading.Lock()
        self._probed_at = self._passed_at = _NEVER

    def writes_are_stored(self) -> bool:
        """Return whether no write has failed since a probe passed; probe first if that is due.

        A stored write proves nothing: on a full disk a small one may still fit. A probe is due 30
        seconds after the last one, or 5 if a write has failed since. While another thread probes,
        return at once what was known before.
        """
        failing = self._failing()
        wait = FAILED_SECONDS if failing else PASSED_SECONDS
        if time.monotonic() - self._probed_at < wait or not self._probing.acquire(blocking=False):
            return not failing
        try:
            return self._probe()
        finally:
            self._probing.release()

    def _failing(self) -> bool:
        failed_at = last_failed_write()
        return failed_at is not None and failed_at > self._passed_at

    def _probe(self) -> bool:
        """Probe and return whether it passed; without a connection, make the next one due now."""
        begun = time.monotonic()
        self._probed_at = begun
        try:
            with writing() as transaction:
                write_probe(transaction)
        except DatabaseUnavailableError:
            failed_at = last_failed_write()
            if failed_at is None or failed_at < begun:
                self._probed_at = _NEVER
            return False
        self._passed_at = begun
        return True
