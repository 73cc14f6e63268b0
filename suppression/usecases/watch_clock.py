"""Compare this machine's clock with the database's, which dates all that is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from suppression.domain.clock_offsets import ahead_by
from suppression.storage.clocks import database_now, earlier_now
from suppression.storage.database import Transaction, reading
from suppression.usecases.services import Services


def compare_clocks(services: Services, transaction: Transaction) -> timedelta:
    """By how much this machine is ahead; noted, and told in the log once it is too much."""
    before = services.clock()
    at = database_now(transaction)
    ahead = ahead_by(before, at, services.clock())
    services.clock_watch.note(ahead)
    return ahead


def watch_clock(services: Services) -> None:
    """The same, of a process that nobody asks for its health."""
    with reading() as transaction:
        compare_clocks(services, transaction)


def earlier_clock(services: Services) -> datetime:
    """What time it is for what is forgotten or ends: by the earlier of the two clocks."""
    with reading() as transaction:
        return earlier_now(transaction, services.clock())
