"""How many service checks one process has counted since it wrote its counts last."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

_WRITE_EVERY = timedelta(seconds=10)


class ServiceTally:
    """What one process has counted and not written yet, by key number."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[int] = Counter()
        self._written_at: datetime | None = None

    def add(self, key_number: int, number: int, *, now: datetime) -> Counter[int]:
        """Add to a key's count; return what is to be written now, mostly nothing."""
        with self._lock:
            self._counts[key_number] += number
            if self._written_at is not None and now < self._written_at + _WRITE_EVERY:
                return Counter()
            self._written_at = now
            taken, self._counts = self._counts, Counter()
            return taken

    def put_back(self, counts: Counter[int]) -> None:
        """Keep counts that could not be written."""
        with self._lock:
            self._counts += counts
