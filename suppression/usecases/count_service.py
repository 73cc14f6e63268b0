"""Count the service checks of each API key, by day.

A check must not wait for a write, so that each process adds its counts up and writes them at most
every ten seconds, with a service check that comes then. What it had not written is lost when it
ends: the counts show who uses `service` and how much, they are no bill.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import datetime, timedelta

from suppression.domain.controllers import Controller
from suppression.domain.errors import SuppressionError
from suppression.storage.count_rows import add_service_checks, service_checks_since
from suppression.storage.database import Transaction, writing

log = logging.getLogger(__name__)

_SHOWN_DAYS = 30
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


def count_service_checks(
    tally: ServiceTally, key_number: int, number: int, *, now: datetime
) -> None:
    """Count service checks that a key asked for. A count that fails refuses no check."""
    counts = tally.add(key_number, number, now=now)
    if not counts:
        return
    try:
        with writing() as transaction:
            for key in sorted(counts):
                add_service_checks(transaction, key, now.date(), counts[key])
    except SuppressionError:
        tally.put_back(counts)
        log.warning("service checks not counted yet")


def read_service_checks(
    transaction: Transaction, controller: Controller, *, now: datetime
) -> dict[int, int]:
    """Return the service checks of the last 30 days by key number; keys without any are absent."""
    first = now.date() - timedelta(days=_SHOWN_DAYS - 1)
    return service_checks_since(transaction, controller, first)
