"""Determine whether the database stores writes: from the last write, else by a probe write."""

from __future__ import annotations

import threading

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.database import last_write, writing
from suppression.storage.operations.readiness import write_probe

QUIET_SECONDS = 30.0
"""For this long, a stored write counts as proof that the database stores writes."""
FAILED_SECONDS = 5.0
"""For this long, a failed probe is not repeated, unless another write has ended since."""
_probing = threading.Lock()
_NEVER = float("-inf")


class WriteWatch:
    """A watch over whether the database stores the writes of this process."""

    def __init__(self) -> None:
        """Create a watch that knows of no failed probe."""
        self._failed_at = _NEVER

    def writes_are_stored(self) -> bool:
        """Return whether the database stores writes, as the last write or a new probe write shows.

        A stored write counts for 30 seconds, a failed probe for 5 unless another write has ended
        since. While another thread probes, return at once whether the last write was stored, or
        True before the first write.
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
