"""Read the values that /metrics takes from the database: probe, imports, clock, reopenings."""

from __future__ import annotations

from datetime import datetime

from suppression.adapters.observability.metrics import Observation
from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeyMismatchError,
    OutdatedCodeError,
    PendingMigrationError,
)
from suppression.domain.probes import SYNTHETIC_OPT_OUT
from suppression.storage.engine.database import reading
from suppression.storage.imports.rows import stops_applied
from suppression.storage.operations.probes import find_probe
from suppression.usecases.operations.verify_start import verify_start
from suppression.usecases.operations.watch_clock import compare_clocks
from suppression.usecases.services import Services
from suppression.usecases.unsubscribe.reopenings import count_unusual


def snapshot_metrics(services: Services, *, now: datetime) -> Observation:
    """Return the values that /metrics reports from the database.

    An unavailable database raises no error here: the result has `database_up` False. With a
    schema that does not fit this code, or wrong keys, it has `database_up` True and nothing else.
    """
    try:
        if not services.start_verified.is_set():
            verify_start(services)
        with reading() as transaction:
            ahead = compare_clocks(services, transaction)
            watch = find_probe(transaction, SYNTHETIC_OPT_OUT)
            imported = stops_applied(transaction)
            unusual = count_unusual(transaction, now=now)
    except DatabaseUnavailableError:
        return Observation(database_up=False)
    except (PendingMigrationError, OutdatedCodeError, KeyMismatchError):
        return Observation(database_up=True)
    return Observation(
        database_up=True,
        watch=watch,
        imported=imported,
        ahead=ahead,
        unusual_reopenings=unusual,
    )
