"""Say which work may use the connection that is kept for stops."""

from __future__ import annotations

from suppression.storage.engine.connection_limits import reserve_for_stops, stores_a_stop
from suppression.storage.engine.database import translate_db_errors


def begin_request(*, storing_a_stop: bool) -> None:
    """Say what this thread works on from now on."""
    stores_a_stop.set(storing_a_stop)


def use_reserved_connection() -> None:
    """Open the connection for stops; DatabaseUnavailableError where it cannot be had yet."""
    with translate_db_errors():
        reserve_for_stops()
