"""Determine whether the database stores writes: from the last write, else by a probe write."""

from __future__ import annotations

import threading

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.database import last_write, writing
from suppression.storage.operations.readiness import write_probe

QUIET_SECONDS = 30.0
"""For this long, a stored write proves that the next write will be stored."""
FAILED_SECONDS = 5.0
"""For this long, a failed probe is not repeated, however often the state is requested."""
_probing = threading.Lock()
_NEVER = float("-inf")


class WriteWatch:
    """A watch over whether the database stores the writes of this process."""

    def __init__(self) -> None:
        """Create a watch without a failed probe."""
        self._failed_at = _NEVER

    def writes_are_stored(self) -> bool:
        """Return whether a recent write was stored; if there was no recent write, probe with one.

        This does not wait for another thread's probe: until that ends, it returns the last outcome.
        """
        last = last_write()
        if last is not None and last.ok and last.age < QUIET_SECONDS:
            return True
        if last is not None and last.ended == self._failed_at and last.age < FAILED_SECONDS:
            return False
        if not _probing.acquire(blocking=False):
            return last is None or last.ok
        try:
            return self._probe()
        finally:
            _probing.release()

    def _probe(self) -> bool:
        try:
            with writing() as transaction:
                write_probe(transaction)
        except DatabaseUnavailableError:
            failed = last_write()
            self._failed_at = failed.ended if failed else _NEVER
            return False
        return True
