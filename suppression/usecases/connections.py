"""Say which work may use the connection that is kept for stops."""

from __future__ import annotations

from suppression.storage.engine.connection_limits import keep_for_stops, stores_a_stop
from suppression.storage.engine.database import translated


def begin_request(*, storing_a_stop: bool) -> None:
    """Say what this thread works on from now on."""
    stores_a_stop.set(storing_a_stop)


def open_the_kept() -> None:
    """Open the connection for stops; DatabaseUnavailableError where it cannot be had yet."""
    with translated():
        keep_for_stops()
