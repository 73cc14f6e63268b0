"""Count per day how many identifiers each API key checks for the purpose `service`.

So that few checks wait for a write, each process sums its counts in memory, and a service check
writes them at most every ten seconds. Counts not yet written are lost when the process ends: the
counts show who uses `service` and how much; they do not suit billing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from suppression.adapters.observability.service_check_counter import ServiceCheckCounter
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import SuppressionError
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.operations.daily_counts import add_service_checks, service_checks_since

log = logging.getLogger(__name__)

_SHOWN_DAYS = 30


def count_service_checks(
    counter: ServiceCheckCounter, key_number: int, number: int, *, now: datetime
) -> None:
    """Add `number` checked identifiers to an API key's count, and write all counts if they are due.

    If the database is unavailable, the counts are written later.
    """
    counts = counter.add(key_number, number, now=now)
    if not counts:
        return
    try:
        with writing() as transaction:
            for key in sorted(counts):
                add_service_checks(transaction, key, now.date(), counts[key])
    except SuppressionError:
        counter.put_back(counts)
        log.warning("service checks not counted yet")


def read_service_checks(
    transaction: Transaction, controller: Controller, *, now: datetime
) -> dict[int, int]:
    """Return how many identifiers each API key checked for `service` in the last 30 days (UTC).

    The result is keyed by key number; a key without such checks is absent.
    """
    first = now.date() - timedelta(days=_SHOWN_DAYS - 1)
    return service_checks_since(transaction, controller, first)
