"""Count and close this process's connections, and keep one of them reserved for stops.

A database role and a server limit their connections. When this process cannot open another one, it
closes its idle ones, then waits a while for a connection (`connection_of`). One connection of each
process is reserved for requests that store a stop; every request makes sure that it is open
before opening any other. Reasons: docs/decisions/0066-connections-kept-for-stops.md.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, QueuePool, event
from sqlalchemy.util.queue import Empty

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.base import db
from suppression.storage.engine.outages import describe_outage

STOPS = "stops"
"""The name of the engine whose one connection is reserved for stops."""
STOPS_APPLICATION = "suppression stops"
"""The name in pg_stat_activity of the connection that is reserved for stops."""

_opening = threading.Lock()
stores_a_stop: ContextVar[bool | None] = ContextVar("stores_a_stop", default=None)
"""Whether the current request may store a stop; None outside a request."""


class YieldingPool(QueuePool):
    """A connection pool that closes its idle connections on request."""

    def give_way(self) -> bool:
        """Close the pool's idle connections; return whether any of them was open."""
        closed_any = False
        while True:
            try:
                record = self._pool.get(block=False)
            except Empty:
                return closed_any
            closed_any = closed_any or record.dbapi_connection is not None
            record.close()
            self._dec_overflow()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReservedConnection:
    """Idle connections that `give_way` leaves open: those in the pool of `engine`, if given.

    If `readers`, it also leaves the idle readers of all engines open.
    """

    engine: Engine | None = None
    readers: bool = False


NOTHING_SPARED = ReservedConnection()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Failure:
    """The last failed try to open the connection for stops.

    A call of `reserve_for_stops` that began no later than `until`, in seconds of the monotonic
    clock, makes no try of its own and fails with `reason`.
    """

    until: float
    reason: str


_failures: WeakKeyDictionary[Engine, _Failure] = WeakKeyDictionary()


class _Count:
    """The number of open connections of all YieldingPools, in use or idle. Thread-safe."""

    def __init__(self) -> None:
        self._lock, self.now = threading.Lock(), 0

    def add(self, amount: int) -> None:
        """Add 1 for a connection that was opened, -1 for one that was closed."""
        with self._lock:
            self.now += amount


_pooled = _Count()
event.listen(YieldingPool, "connect", lambda *_: _pooled.add(1))
event.listen(YieldingPool, "close", lambda *_: _pooled.add(-1))
event.listen(YieldingPool, "detach", lambda *_: _pooled.add(-1))  # a reader owns it from now on
idle_readers: WeakKeyDictionary[Engine, list[Any]] = WeakKeyDictionary()
"""Idle readers by engine, the most recently used last."""
open_readers: WeakSet[Any] = WeakSet()
"""Every open reader, idle or in use."""


def give_way(spared: ReservedConnection = NOTHING_SPARED) -> bool:
    """Close this process's idle connections; return whether any of them was open.

    Leave open the connection for stops, and those that `spared` describes.
    """
    closed_any = False
    for name, engine in db.engines.items():
        if name == STOPS:
            continue
        if engine is not spared.engine and isinstance(engine.pool, YieldingPool):
            closed_any = engine.pool.give_way() or closed_any
        if not spared.readers:
            closed_any = close_idle_readers(engine) or closed_any
    return closed_any


def close_idle_readers(engine: Engine) -> bool:
    """Close an engine's idle readers; return whether it had idle readers."""
    idle = idle_readers.get(engine, [])
    had_idle = bool(idle)
    while idle:
        idle.pop().close()
    return had_idle


def is_anybody_connected() -> bool:
    """Return whether this process has a connection, besides that for stops, that may come free."""
    return _pooled.now > 0 or len(open_readers) > 0


def engine_for_stops() -> Engine | None:
    """Return the engine of the connection for stops; None on SQLite, which needs none."""
    return db.engines.get(STOPS)


def reserve_for_stops() -> None:
    """Open the connection for stops unless it is open; do nothing on SQLite.

    Raise SQLAlchemy's error if the try fails. Raise DatabaseUnavailableError without a try if
    another thread's try failed while this one waited for it: otherwise eight threads would try one
    after the other, and the last would wait eight times as long.
    """
    engine = engine_for_stops()
    if engine is None or not isinstance(engine.pool, QueuePool):
        return
    called = time.monotonic()
    with _opening:  # no thread may take the server's last slot meanwhile
        failure = _failures.get(engine)
        if failure is not None and failure.until >= called:
            raise DatabaseUnavailableError(reason=failure.reason)
        if engine.pool.checkedout():  # a stop uses it now, so it is open
            return
        try:
            engine.connect().close()
        except Exception as error:
            reason = describe_outage(error, engine.url)
            _failures[engine] = _Failure(until=time.monotonic(), reason=reason)
            raise


def reserve_before_connecting(options: Mapping[str, Any]) -> None:
    """Make sure that the connection for stops is open before a request opens any other.

    Do nothing outside a request. Raise the errors of `reserve_for_stops`.
    """
    is_for_stops = options.get("application_name") == STOPS_APPLICATION
    if not is_for_stops and stores_a_stop.get() is not None:
        reserve_for_stops()
