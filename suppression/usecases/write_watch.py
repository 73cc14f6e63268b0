"""Find out whether writes are stored, mostly without writing: what was written last says it."""

from __future__ import annotations

import threading

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.database import writing
from suppression.storage.engine.write_outcomes import last_write
from suppression.storage.operations.readiness import write_probe

QUIET_SECONDS = 30.0
"""For so long a write that was stored says that the next one will be."""
FAILED_SECONDS = 5.0
"""For so long a probe that failed is not repeated, however often somebody asks."""
_probing = threading.Lock()
_NEVER = float("-inf")


class WriteWatch:
    """What one process knows of its writes."""

    def __init__(self) -> None:
        """Begin without a probe."""
        self._failed_at = _NEVER

    def writes_are_stored(self) -> bool:
        """Whether a write of the last seconds was stored, or else one that is made now.

        Somebody else's probe is not waited for: until it ends, the last outcome holds.
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
