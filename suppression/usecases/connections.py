"""Open the database connection reserved for stops; control which requests may use it."""

from __future__ import annotations

from suppression.storage.engine.connection_limits import reserve_for_stops, stores_a_stop
from suppression.storage.engine.database import translate_db_errors


def begin_request(*, storing_a_stop: bool) -> None:
    """Record whether the request that this thread now handles may store a stop."""
    stores_a_stop.set(storing_a_stop)


def use_reserved_connection() -> None:
    """Make sure that the connection reserved for stops is open; do nothing on SQLite.

    Raises DatabaseUnavailableError if the connection cannot be opened, or, without a new try, if
    another thread's try has just failed.
    """
    with translate_db_errors():
        reserve_for_stops()
