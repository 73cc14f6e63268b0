"""The connections that this process holds, and what happens where it is given no more.

A role and a server have a limit of connections. Where one cannot be had, the idle ones of this
process give way, whoever holds them; then it is waited for one that is given back. One connection
is kept for stops: it is opened before any other, and used by nothing else.
Why so: docs/decisions/0066-connections-kept-for-stops.md.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, QueuePool, event
from sqlalchemy.util.queue import Empty

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.base import db
from suppression.storage.engine.outages import describe_outage

STOPS = "stops"
"""The name of the engine whose one connection is kept for stops."""
STOPS_APPLICATION = "suppression stops"
"""What pg_stat_activity calls that connection."""
_PAUSE_SECONDS = 0.02
_LONG_WAIT = _PAUSE_AFTER_A_WAIT = 1.0  # seconds
_GRACE_SECONDS = 0.25
"""A server takes a moment to see that a connection was closed, and to give its place away."""

_keeping = threading.Lock()
stores_a_stop: ContextVar[bool | None] = ContextVar("stores_a_stop", default=None)
"""Whether the request at hand does; None where there is no request."""

Made = TypeVar("Made")


class YieldingPool(QueuePool):
    """A pool that closes its idle connections when it is asked to."""

    def give_way(self) -> bool:
        """Close what nobody works with; whether there was anything."""
        gave = False
        while True:
            try:
                record = self._pool.get(block=False)
            except Empty:
                return gave
            gave = gave or record.dbapi_connection is not None
            record.close()
            self._dec_overflow()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReservedConnection:
    """What does not give way: the pool of an engine, and the readers."""

    engine: Engine | None = None
    readers: bool = False


NOTHING_SPARED = ReservedConnection()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Failure:
    """Why the connection for stops could last not be opened, and until when nobody tries again."""

    until: float
    reason: str


_failures: WeakKeyDictionary[Engine, _Failure] = WeakKeyDictionary()


class _Count:
    """How many connections of the pools are open, whether somebody works with them or not."""

    def __init__(self) -> None:
        self._lock, self.now = threading.Lock(), 0

    def add(self, amount: int) -> None:
        """Count one that was opened, or with -1 one that was closed."""
        with self._lock:
            self.now += amount


_pooled = _Count()
event.listen(YieldingPool, "connect", lambda *_: _pooled.add(1))
event.listen(YieldingPool, "close", lambda *_: _pooled.add(-1))
event.listen(YieldingPool, "detach", lambda *_: _pooled.add(-1))  # a reader's own from now on
idle_readers: WeakKeyDictionary[Engine, list[Any]] = WeakKeyDictionary()
"""Readers that wait to be used, the one that was used last at the end."""
open_readers: WeakSet[Any] = WeakSet()
"""Those and the ones that somebody works with."""


def connected(
    connect: Callable[[], Made], spared: ReservedConnection, *, timeout: timedelta
) -> Made:
    """What `connect` makes, tried again for as long as this process may be given a connection.

    What is `spared` stays, idle as it is: `connect` itself takes it.

    DatabaseUnavailableError at once where it holds none that could come free: then the server is
    away, or others have all of it.
    """
    ends = time.monotonic() + timeout.total_seconds()
    hopeful_until = 0.0
    while True:
        try:
            return connect()
        except DatabaseUnavailableError:
            now = time.monotonic()
            if give_way(spared):
                hopeful_until = now + _GRACE_SECONDS
            if now >= ends or not (now < hopeful_until or is_anybody_connected()):
                raise
            time.sleep(_PAUSE_SECONDS)


def give_way(spared: ReservedConnection = NOTHING_SPARED) -> bool:
    """Close the idle connections of this process but the one for stops; whether any was."""
    gave = False
    for name, engine in db.engines.items():
        if name == STOPS:
            continue
        if engine is not spared.engine and isinstance(engine.pool, YieldingPool):
            gave = engine.pool.give_way() or gave
        if not spared.readers:
            gave = close_idle_readers(engine) or gave
    return gave


def close_idle_readers(engine: Engine) -> bool:
    """Close the readers that wait; whether any did."""
    idle = idle_readers.get(engine, [])
    gave = bool(idle)
    while idle:
        idle.pop().close()
    return gave


def is_anybody_connected() -> bool:
    """Whether this process has any connection that could come free, but the one for stops."""
    return _pooled.now > 0 or len(open_readers) > 0


def engine_for_stops() -> Engine | None:
    """The engine of the one connection for stops; None where the database needs none (SQLite)."""
    return db.engines.get(STOPS)


def reserve_for_stops() -> None:
    """Open the connection for stops, or see that it still lives.

    Whoever waited while somebody else tried in vain fails with them, and so does whoever comes in
    the second after a long wait: were each to try for itself, behind a server that never answers
    the last of eight threads would wait eight times as long, and an error page wait once more.
    """
    engine = engine_for_stops()
    if engine is None or not isinstance(engine.pool, QueuePool):
        return
    asked = time.monotonic()
    with _keeping:  # nobody goes on and takes the last place while it is being opened
        failure = _failures.get(engine)
        if failure is not None and failure.until >= asked:
            raise DatabaseUnavailableError(reason=failure.reason)
        if engine.pool.checkedout():  # where a stop works with it, it is there
            return
        began = time.monotonic()
        try:
            engine.connect().close()
        except Exception as error:
            ended = time.monotonic()
            pause = _PAUSE_AFTER_A_WAIT if ended - began >= _LONG_WAIT else 0
            reason = describe_outage(error, engine.url)
            _failures[engine] = _Failure(until=ended + pause, reason=reason)
            raise


@event.listens_for(Engine, "do_connect")
def _keep_before_any_other(
    _dialect: object, _record: object, _arguments: object, options: dict[str, Any]
) -> None:
    """No request opens a connection before the one for stops is there."""
    own = options.get("application_name") == STOPS_APPLICATION
    if not own and stores_a_stop.get() is not None:
        reserve_for_stops()
