"""Transactions, the wait for a connection, and the errors that mean "the database is unavailable".

All access to the database, except that of migrations, goes through `reading()`, `writing()`, or a
reader (prepared_statements.py). Every failure to reach it, or to get an answer in time, is raised
as DatabaseUnavailableError, so that every entry point can tell it from a bug.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg2
from sqlalchemy import Connection, Engine, QueuePool, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import InstrumentedAttribute

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.base import Base, db
from suppression.storage.engine.connection_limits import (
    ReservedConnection,
    engine_for_stops,
    give_way,
    is_anybody_connected,
    stores_a_stop,
)
from suppression.storage.engine.deadlines import is_silence
from suppression.storage.engine.outages import describe_outage, is_outage

Connected = TypeVar("Connected")
Transaction = Connection
"""The connection that `writing` or `reading` opens. Use cases only pass it on to storage."""

CLOCK = "clock"
"""The execution option that holds the substitute clock of an engine's database."""

READER = "reader"
"""The name of the engine whose connections only read."""
# SQLite wakes waiting writers in no order, so a writer may wait long behind many others.
SQLITE_WAIT = timedelta(seconds=10)
_sqlite_writer = threading.Lock()
_PAUSE_SECONDS = 0.02
_GRACE_SECONDS = 0.25
"""How long a server may take to notice a closed connection and to free its slot."""
_first_tries: list[float] = []
"""One item for each first try to connect that is under way in this process."""
_UNAVAILABLE_ERRORS = (
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
    sqlite3.OperationalError,
)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - any driver's connection
    if isinstance(connection, sqlite3.Connection):
        pragmas = ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL")
        for pragma in (*pragmas, "secure_delete = ON"):  # deleted content of cases is overwritten
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """On SQLite, send the BEGIN, which for a write takes the write lock at once.

    If the lock were taken only later, one of two writers that meet would fail.
    """
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing() -> Iterator[Transaction]:
    """Open a transaction that is committed when the block ends and rolled back if it raises.

    Raise DatabaseUnavailableError if the database cannot be reached or does not answer in time.
    """
    with (
        translate_db_errors(),
        sqlite_write_lock(),
        connection_of(db.engine.connect, ReservedConnection(engine=db.engine)) as connection,
        note_failed_write(),
        connection.begin(),
    ):
        yield connection


_failed_writes: WeakKeyDictionary[Engine, float] = WeakKeyDictionary()


def last_failed_write() -> float | None:
    """Return when this process's last failed write ended, by the monotonic clock; None if none did.

    Only a write that failed by an outage after it had its connection counts: it may show a full
    disk, where the database still answers every read, but stores no stop.
    """
    return _failed_writes.get(db.engine)


@contextmanager
def note_failed_write() -> Iterator[None]:
    """Translate the block's errors as `translate_db_errors` does; note outages as failed writes."""
    try:
        with translate_db_errors():
            yield
    except DatabaseUnavailableError:
        _failed_writes[db.engine] = time.monotonic()
        raise


@contextmanager
def sqlite_write_lock() -> Iterator[None]:
    """Hold this process's lock for writes to SQLite during the block; do nothing on PostgreSQL.

    SQLite has one write lock and no queue for it. Raise DatabaseUnavailableError if the lock is not
    free within 10 seconds.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    if not _sqlite_writer.acquire(timeout=SQLITE_WAIT.total_seconds()):
        raise DatabaseUnavailableError
    try:
        yield
    finally:
        _sqlite_writer.release()


@contextmanager
def reading() -> Iterator[Transaction]:
    """Open a connection for reading; write nothing with it.

    On PostgreSQL, which gets no transaction, each statement sees all that was committed before it
    started; on SQLite, all see what was committed when the first one started. Raise
    DatabaseUnavailableError if the database cannot be reached or does not answer in time.
    """
    engine = reading_engine()
    spared = ReservedConnection(engine=engine)
    with translate_db_errors(), connection_of(engine.connect, spared) as connection:
        yield connection.execution_options(writes=False)


def connection_of(
    connect: Callable[[], Connected], spared: ReservedConnection
) -> Connected | Connection:
    """Return a connection from `connect`, or the one that is reserved for stops.

    A request that stores a stop gets the reserved one if `connect` fails. For other work, close
    idle connections, except `spared` ones, and try again until the pool's time-out has passed.
    Raise DatabaseUnavailableError if no try succeeds, and at once if the server does not answer at
    all. On SQLite, or if this process neither holds a connection that could come free nor is
    opening one right now, try only once.
    """
    begun = time.monotonic()
    try:
        _first_tries.append(begun)
        try:
            with translate_db_errors():
                return connect()
        finally:
            _first_tries.pop()
    except DatabaseUnavailableError as error:
        if is_silence(error):
            raise  # no connection answers
        reserved = engine_for_stops() if stores_a_stop.get() else None
        if reserved is not None:
            give_way()  # so that the next stop finds a free connection
            with translate_db_errors():
                return reserved.connect()
        # A slow failure is no lack of connections: another try would only wait twice.
        hopeful_until = begun + _GRACE_SECONDS if _first_tries else 0.0
        hopeful = is_anybody_connected() or time.monotonic() < hopeful_until
        if db.engine.dialect.name == "sqlite" or not hopeful:
            raise
    return _connected(connect, spared, timeout=_timeout_of(db.engine), hopeful_until=hopeful_until)


def _connected(
    connect: Callable[[], Connected],
    spared: ReservedConnection,
    *,
    timeout: timedelta,
    hopeful_until: float,
) -> Connected:
    """Return a connection from `connect`, retrying while this process may still get one.

    Between tries it closes idle connections, except `spared` ones, which `connect` itself takes.
    Until `hopeful_until`, by the monotonic clock, it retries even without any connection.

    Raise DatabaseUnavailableError after `timeout`, at once if the server does not answer at all, or
    once this process holds no connection that could come free and has closed none just now: then
    the server is away, or others hold all of its connections.
    """
    deadline = time.monotonic() + timeout.total_seconds()
    while True:
        try:
            with translate_db_errors():
                return connect()
        except DatabaseUnavailableError as error:
            if is_silence(error):
                raise
            now = time.monotonic()
            if give_way(spared):
                hopeful_until = now + _GRACE_SECONDS
            if now >= deadline or not (now < hopeful_until or is_anybody_connected()):
                raise
            time.sleep(_PAUSE_SECONDS)


def _timeout_of(engine: Engine) -> timedelta:
    pool = engine.pool
    return timedelta(seconds=pool.timeout() if isinstance(pool, QueuePool) else 0)


def reading_engine() -> Engine:
    """Return the engine whose connections only read; on SQLite, the only engine."""
    engines = db.engines
    return engines.get(READER) or engines[None]


def disconnect() -> None:
    """Close every idle connection of this process, for example before a fork."""
    for engine in db.engines.values():
        engine.dispose()


@contextmanager
def translate_db_errors() -> Iterator[None]:
    """Raise DatabaseUnavailableError instead of an error that means an unavailable database.

    The block's other errors stay as they are.
    """
    try:
        yield
    except _UNAVAILABLE_ERRORS as error:
        raise unavailable_error(error) from error
    except DBAPIError as error:
        if error.connection_invalidated or is_outage(error):
            raise unavailable_error(error) from error
        raise
    except (psycopg2.Error, sqlite3.DatabaseError) as error:
        if is_outage(error):
            raise unavailable_error(error) from error
        raise


def unavailable_error(error: Exception) -> DatabaseUnavailableError:
    """Return a DatabaseUnavailableError whose reason tells the operator about `error`.

    `error` comes from the driver or from SQLAlchemy.
    """
    return DatabaseUnavailableError(reason=describe_outage(error, db.engine.url))


def insert_if_absent(
    transaction: Transaction, table: type[Base], values: dict[str, Any], *, key: tuple[str, ...]
) -> bool:
    """Insert a row unless its key exists; return whether it was inserted.

    Wait for other transactions that are inserting the same key.
    """
    dialect = postgresql if transaction.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(values).on_conflict_do_nothing(index_elements=key)
    return transaction.execute(statement).rowcount == 1


def insert_absent(
    transaction: Transaction,
    table: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    key: tuple[str, ...],
    returning: InstrumentedAttribute[Any],
) -> list[Any]:
    """Insert the rows whose keys do not exist; return the `returning` column of each inserted row.

    `rows` must not be empty. Wait for other transactions that are inserting the same keys.
    """
    dialect = postgresql if transaction.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=key)
    return list(transaction.execute(statement.returning(returning), rows).scalars())
