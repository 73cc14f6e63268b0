"""Compare this machine's clock with the database's clock, which dates stops and ledger entries."""

from __future__ import annotations

from datetime import datetime, timedelta

from suppression.adapters.observability.clock_watch import ahead_by
from suppression.storage.engine.clocks import database_now, earlier_now
from suppression.storage.engine.database import Transaction, reading
from suppression.usecases.services import Services


def compare_clocks(services: Services, transaction: Transaction) -> timedelta:
    """Return by how much this machine's clock is ahead of the database's; negative if behind.

    A difference that the time for the database's answer may explain counts as zero. The clock watch
    stores the difference and logs when it becomes too large.
    """
    before = services.clock()
    at = database_now(transaction)
    ahead = ahead_by(before, at, services.clock())
    services.clock_watch.note(ahead)
    return ahead


def watch_clock(services: Services) -> None:
    """Compare this machine's clock with the database's, in a process without a health endpoint.

    The clock watch stores the difference and logs when it becomes too large.
    """
    with reading() as transaction:
        compare_clocks(services, transaction)


def earlier_clock(services: Services) -> datetime:
    """Return the earlier of this machine's and the database's time, for deletions and expiries."""
    with reading() as transaction:
        return earlier_now(transaction, services.clock())
