"""Transactions, time-outs, and what "the database is away" means.

`reading()` and `writing()` are the only ways to the database. Every failure to reach it, or to be
answered in time, leaves here as DatabaseUnavailableError, so that no door can mistake it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import psycopg2
from sqlalchemy import Connection, Engine, QueuePool, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import InstrumentedAttribute

from suppression.domain.errors import DatabaseUnavailableError
from suppression.settings import Settings, SettingsError
from suppression.storage.engine.base import Base, db
from suppression.storage.engine.connection_limits import (
    STOPS,
    STOPS_APPLICATION,
    Made,
    ReservedConnection,
    YieldingPool,
    connected,
    engine_for_stops,
    give_way,
    is_anybody_connected,
    stores_a_stop,
)
from suppression.storage.engine.outages import describe_outage, is_outage
from suppression.storage.engine.write_outcomes import note_outcome

Transaction = Connection
"""What use cases hand to storage. They never look inside."""

CLOCK = "clock"
"""The execution option of an engine whose database is told the time, not asked for it."""

_POOL_SIZE = 8  # as many as gunicorn's threads; reads and writes have a pool each
_READER = "reader"
# SQLite wakes waiting writers in no order, so one may wait long behind many.
_SQLITE_WAIT = timedelta(seconds=10)
_sqlite_writer = threading.Lock()
_AWAY = (
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
    sqlite3.OperationalError,
)


def flask_config(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    database_clock: Callable[[], datetime] | None = None,
) -> dict[str, Any]:
    """Flask-SQLAlchemy's configuration for these settings; SettingsError for a URL that is none.

    SQLite has no clock but that of its machine, `clock`; PostgreSQL is told a `database_clock` by
    tests alone.
    """
    _parse_url(settings.database_url)
    on_sqlite = settings.database_url.startswith("sqlite")
    connect_args = _for_sqlite if on_sqlite else _for_postgresql
    arguments = connect_args(settings.db_timeout)
    options = {
        "connect_args": arguments,
        "execution_options": {CLOCK: database_clock or (clock if on_sqlite else None)},
        "hide_parameters": True,  # an error text never shows what was bound
    }
    if on_sqlite:
        return {
            "SQLALCHEMY_DATABASE_URI": settings.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": options,
        }
    options |= _pool(settings.db_timeout)
    # One connection that only stops may use, where no other can be had.
    for_stops = options | {"url": settings.database_url, "poolclass": QueuePool}
    for_stops |= {"pool_size": 1, "max_overflow": 0}
    for_stops["connect_args"] = arguments | {"application_name": STOPS_APPLICATION}
    # Reads have connections of their own that never open a transaction. Switching one connection
    # to and fro costs a round trip when it goes back to the pool, and loses its place there when
    # the server is gone by then.
    reader = options | {"url": settings.database_url, "isolation_level": "AUTOCOMMIT"}
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
        "SQLALCHEMY_BINDS": {_READER: reader, STOPS: for_stops},
    }


def _parse_url(text: str) -> None:
    """Refuse what SQLAlchemy would read otherwise than it was meant, and never repeat it.

    It ends a password at its first @: the rest would be a host, which errors name.
    """
    try:
        host = make_url(text).host or ""
    except (ArgumentError, ValueError):
        host = "@"
    if "@" in host:
        raise SettingsError(
            "DATABASE_URL must be like postgresql://user:password@host:5432/database, where a "
            "password's own @ : / ? # and % are written %40 %3A %2F %3F %23 and %25."
        ) from None


def _pool(timeout: timedelta) -> dict[str, Any]:
    return {
        "max_overflow": _POOL_SIZE,
        "poolclass": YieldingPool,
        "pool_pre_ping": True,  # a restarted server costs no request its answer
        "pool_size": _POOL_SIZE,
        "pool_timeout": timeout.total_seconds(),
    }


def _for_postgresql(timeout: timedelta) -> dict[str, Any]:
    milliseconds = int(timeout.total_seconds() * 1000)
    return {
        "application_name": "suppression",
        "connect_timeout": max(2, round(timeout.total_seconds())),  # libpq's least
        "keepalives_idle": 10,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
        f" -c idle_in_transaction_session_timeout={milliseconds * 5} -c timezone=UTC",
        "target_session_attrs": "read-write",  # never a standby, which may lag behind a stop
        "tcp_user_timeout": milliseconds,
    }


def _for_sqlite(timeout: timedelta) -> dict[str, Any]:
    # The driver's own implicit BEGIN is off: `_begin` below says which kind.
    wait = max(timeout, _SQLITE_WAIT)
    return {"timeout": wait.total_seconds(), "isolation_level": None}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - any driver's own
    if isinstance(connection, sqlite3.Connection):
        pragmas = ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL")
        for pragma in (*pragmas, "secure_delete = ON"):  # what a case kept is gone, not only free
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at once: a deferred one fails as soon as two writers meet."""
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing() -> Iterator[Transaction]:
    """One transaction, committed when the block ends and rolled back when it raises."""
    with (
        note_outcome(),
        translate_db_errors(),
        sqlite_write_lock(),
        _take_connection(db.engine) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def sqlite_write_lock() -> Iterator[None]:
    """Queue this process's writers where the database has one lock and no queue for it."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    if not _sqlite_writer.acquire(timeout=_SQLITE_WAIT.total_seconds()):
        raise DatabaseUnavailableError
    try:
        yield
    finally:
        _sqlite_writer.release()


@contextmanager
def reading() -> Iterator[Transaction]:
    """A connection that only reads; each statement sees all that is committed when it starts."""
    with translate_db_errors(), _take_connection(reading_engine()) as connection:
        yield connection.execution_options(writes=False)


def _take_connection(engine: Engine) -> Connection:
    return connection_of(partial(_connect, engine), ReservedConnection(engine=engine))


def connection_of(connect: Callable[[], Made], spared: ReservedConnection) -> Made | Connection:
    """What `connect` makes; where there is no room for it, a stop gets the connection kept for it.

    Any other work waits for one to come free. DatabaseUnavailableError where none does.
    """
    try:
        return connect()
    except DatabaseUnavailableError:
        kept = engine_for_stops() if stores_a_stop.get() else None
        if kept is not None:
            give_way()  # the next stop finds another connection
            return _connect(kept)
        if db.engine.dialect.name == "sqlite" or not is_anybody_connected():
            raise  # nothing could come free: another try would be a second wait for nobody
    return connected(connect, spared, timeout=_timeout_of(db.engine))


def _connect(engine: Engine) -> Connection:
    with translate_db_errors():
        return engine.connect()


def _timeout_of(engine: Engine) -> timedelta:
    pool = engine.pool
    return timedelta(seconds=pool.timeout() if isinstance(pool, QueuePool) else 0)


def reading_engine() -> Engine:
    """The engine of connections that only read."""
    engines = db.engines
    return engines.get(_READER) or engines[None]


def disconnect() -> None:
    """Close every pooled connection, as before a fork."""
    for engine in db.engines.values():
        engine.dispose()


@contextmanager
def translate_db_errors() -> Iterator[None]:
    """Whatever says that the database is away, or too slow, as the one error that means it."""
    try:
        yield
    except _AWAY as error:
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
    """What a driver's error means to everybody above, with a reason for the operator."""
    return DatabaseUnavailableError(reason=describe_outage(error, db.engine.url))


def insert_if_absent(
    transaction: Transaction, table: type[Base], values: dict[str, Any], *, key: tuple[str, ...]
) -> bool:
    """Insert a row unless its key is there; True if it was not. Waits for concurrent writers."""
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
    """Insert rows whose keys are not there; a column of each that was. Waits as the one above."""
    dialect = postgresql if transaction.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=key)
    return list(transaction.execute(statement.returning(returning), rows).scalars())
