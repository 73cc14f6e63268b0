"""Transactions, time-outs, and the errors that mean "the database is unavailable".

All access to the database goes through `reading()` and `writing()`. Every failure to reach it, or
to get an answer in time, is raised as DatabaseUnavailableError, so that no entry point mistakes
it.
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
    Connected,
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
"""A database transaction. Use cases pass it to storage and never look inside."""

CLOCK = "clock"
"""The execution option that holds the substitute clock of an engine's database."""

_POOL_SIZE = 8  # as many as gunicorn's threads; reads and writes have a pool each
_READER = "reader"
# SQLite wakes waiting writers in no order, so a writer may wait long behind many others.
_SQLITE_WAIT = timedelta(seconds=10)
_sqlite_writer = threading.Lock()
_UNAVAILABLE_ERRORS = (
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
    """Return Flask-SQLAlchemy's configuration; raise SettingsError for an invalid database URL.

    SQLite's only clock is that of its machine, `clock`. Only tests give PostgreSQL a
    `database_clock`.
    """
    _parse_url(settings.database_url)
    on_sqlite = settings.database_url.startswith("sqlite")
    connect_args = _for_sqlite if on_sqlite else _for_postgresql
    arguments = connect_args(settings.db_timeout)
    options = {
        "connect_args": arguments,
        "execution_options": {CLOCK: database_clock or (clock if on_sqlite else None)},
        "hide_parameters": True,  # an error text never shows bound values
    }
    if on_sqlite:
        return {
            "SQLALCHEMY_DATABASE_URI": settings.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": options,
        }
    options |= _pool(settings.db_timeout)
    # The connection that only stops may use, when no other is available.
    for_stops = options | {"url": settings.database_url, "poolclass": QueuePool}
    for_stops |= {"pool_size": 1, "max_overflow": 0}
    for_stops["connect_args"] = arguments | {"application_name": STOPS_APPLICATION}
    # Reads have their own connections, which never open a transaction. Switching one connection
    # between both modes costs a round trip when it returns to the pool, and removes it from the
    # pool if the server is gone by then.
    reader = options | {"url": settings.database_url, "isolation_level": "AUTOCOMMIT"}
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
        "SQLALCHEMY_BINDS": {_READER: reader, STOPS: for_stops},
    }


def _parse_url(text: str) -> None:
    """Raise SettingsError, without the URL, if SQLAlchemy would misread it.

    SQLAlchemy ends a password at its first @ and takes the rest as a host, which errors name.
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
        "use_native_hstore": False,  # no table has one, and each connection would ask for it
    }


def _for_postgresql(timeout: timedelta) -> dict[str, Any]:
    milliseconds = int(timeout.total_seconds() * 1000)
    return {
        "application_name": "suppression",
        "connect_timeout": max(2, round(timeout.total_seconds())),  # libpq's minimum
        "keepalives_idle": 10,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
        f" -c idle_in_transaction_session_timeout={milliseconds * 5} -c timezone=UTC",
        "target_session_attrs": "read-write",  # never a standby, which may lag behind a stop
        "tcp_user_timeout": milliseconds,
    }


def _for_sqlite(timeout: timedelta) -> dict[str, Any]:
    # The driver's implicit BEGIN is off: `_begin` below chooses the kind of transaction.
    wait = max(timeout, _SQLITE_WAIT)
    return {"timeout": wait.total_seconds(), "isolation_level": None}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - any driver's connection
    if isinstance(connection, sqlite3.Connection):
        pragmas = ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL")
        for pragma in (*pragmas, "secure_delete = ON"):  # deleted content of cases is overwritten
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at once: a deferred lock fails as soon as two writers meet."""
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing() -> Iterator[Transaction]:
    """Open a transaction that is committed when the block ends and rolled back if it raises."""
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
    """Queue this process's writers on SQLite, which has one write lock and no queue for it."""
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
    """Open a read-only connection; each statement sees all that is committed when it starts."""
    with translate_db_errors(), _take_connection(reading_engine()) as connection:
        yield connection.execution_options(writes=False)


def _take_connection(engine: Engine) -> Connection:
    return connection_of(partial(_connect, engine), ReservedConnection(engine=engine))


def connection_of(
    connect: Callable[[], Connected], spared: ReservedConnection
) -> Connected | Connection:
    """Return what `connect` makes; if no connection is free, a stop gets the reserved one instead.

    Other work waits for a free connection, at most the pool's time-out, and raises
    DatabaseUnavailableError if none comes.
    """
    try:
        return connect()
    except DatabaseUnavailableError:
        reserved = engine_for_stops() if stores_a_stop.get() else None
        if reserved is not None:
            give_way()  # so that the next stop finds a free connection
            return _connect(reserved)
        if db.engine.dialect.name == "sqlite" or not is_anybody_connected():
            raise  # no connection can come free: another try would only wait twice
    return connected(connect, spared, timeout=_timeout_of(db.engine))


def _connect(engine: Engine) -> Connection:
    with translate_db_errors():
        return engine.connect()


def _timeout_of(engine: Engine) -> timedelta:
    pool = engine.pool
    return timedelta(seconds=pool.timeout() if isinstance(pool, QueuePool) else 0)


def reading_engine() -> Engine:
    """Return the engine of the read-only connections."""
    engines = db.engines
    return engines.get(_READER) or engines[None]


def disconnect() -> None:
    """Close every pooled connection, as before a fork."""
    for engine in db.engines.values():
        engine.dispose()


@contextmanager
def translate_db_errors() -> Iterator[None]:
    """Raise DatabaseUnavailableError for any error that means an unreachable or slow database."""
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
    """Return the DatabaseUnavailableError for a driver's error, with a reason for the operator."""
    return DatabaseUnavailableError(reason=describe_outage(error, db.engine.url))


def insert_if_absent(
    transaction: Transaction, table: type[Base], values: dict[str, Any], *, key: tuple[str, ...]
) -> bool:
    """Insert a row unless its key exists; return whether it is new. Wait for concurrent writers."""
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

    Wait for concurrent writers.
    """
    dialect = postgresql if transaction.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=key)
    return list(transaction.execute(statement.returning(returning), rows).scalars())
