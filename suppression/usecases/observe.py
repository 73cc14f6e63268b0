"""What /metrics asks the database each time: is it there, how did the watch go, what came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeysDifferError,
    SchemaBehindError,
)
from suppression.domain.watches import SYNTHETIC_OPT_OUT, Watch
from suppression.storage.database import reading
from suppression.storage.import_states import stops_applied
from suppression.storage.watch_rows import watch_of
from suppression.usecases.reopenings import count_unusual
from suppression.usecases.services import Services
from suppression.usecases.verify_start import verify_start


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What was seen. `watch` is None if the synthetic opt-out never ran, or cannot be known.

    `imported`: how many stops imports have put on the list; `unusual_reopenings`: how many
    controllers see more reopenings by links today than is usual. None if it cannot be known.
    """

    database_up: bool
    watch: Watch | None
    imported: int | None = None
    unusual_reopenings: int | None = None


def observe(services: Services, *, now: datetime) -> Observation:
    """Ask the database; never an error, for that it is away is the answer."""
    try:
        if not services.start_verified.is_set():
            verify_start(services)
        with reading() as transaction:
            watch = watch_of(transaction, SYNTHETIC_OPT_OUT)
            imported = stops_applied(transaction)
            unusual = count_unusual(transaction, now=now)
    except DatabaseUnavailableError:
        return Observation(database_up=False, watch=None)
    except (SchemaBehindError, KeysDifferError):
        return Observation(database_up=True, watch=None)
    return Observation(database_up=True, watch=watch, imported=imported, unusual_reopenings=unusual)
