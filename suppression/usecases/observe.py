"""What /metrics asks the database each time: is it there, how did the watch go, what came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeysDifferError,
    SchemaBehindError,
)
from suppression.domain.watches import SYNTHETIC_OPT_OUT, Watch
from suppression.storage.database import reading
from suppression.storage.import_states import stops_applied
from suppression.storage.watch_rows import watch_of
from suppression.usecases.services import Services
from suppression.usecases.verify_start import verify_start
from suppression.usecases.watch_clock import compare_clocks


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What was seen. `watch` is None if the synthetic opt-out never ran, or cannot be known.

    `imported`: how many stops imports have put on the list; None if it cannot be known. `ahead`: by
    how much this machine's clock is ahead of the database's.
    """

    database_up: bool
    watch: Watch | None
    imported: int | None = None
    ahead: timedelta | None = None


def observe(services: Services) -> Observation:
    """Ask the database; never an error, for that it is away is the answer."""
    try:
        if not services.start_verified.is_set():
            verify_start(services)
        with reading() as transaction:
            ahead = compare_clocks(services, transaction)
            watch = watch_of(transaction, SYNTHETIC_OPT_OUT)
            imported = stops_applied(transaction)
    except DatabaseUnavailableError:
        return Observation(database_up=False, watch=None)
    except (SchemaBehindError, KeysDifferError):
        return Observation(database_up=True, watch=None)
    return Observation(database_up=True, watch=watch, imported=imported, ahead=ahead)
