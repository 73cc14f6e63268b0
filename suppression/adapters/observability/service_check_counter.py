"""One process's count of service checks, buffered between two writes to the database."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

_WRITE_EVERY = timedelta(seconds=10)


class ServiceCheckCounter:
    """A process's unwritten counts of service checks, by number of the API key. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[int] = Counter()
        self._written_at: datetime | None = None

    def add(self, key_number: int, number: int, *, now: datetime) -> Counter[int]:
        """Add `number` to an API key's count; return and clear all counts if they are due.

        They are due at the first call, and at each call 10 seconds or more after they were last
        returned. At other calls return an empty Counter.
        """
        with self._lock:
            self._counts[key_number] += number
            if self._written_at is not None and now < self._written_at + _WRITE_EVERY:
                return Counter()
            self._written_at = now
            due, self._counts = self._counts, Counter()
            return due

    def put_back(self, counts: Counter[int]) -> None:
        """Add counts that could not be written, for the next write."""
        with self._lock:
            self._counts += counts
