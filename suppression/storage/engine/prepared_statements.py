"""Statements that a PostgreSQL reader prepares once per connection, for checks and simple stops.

Executing one again compiles no SQL and sends no ping. Readers own their connections. A reader whose
connection was lost reconnects and executes the statement once more: a read may be repeated,
and so may an insert that does nothing if its key exists. Reasons: docs/decisions/0040-hot-path.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import psycopg2
from sqlalchemy import Engine, event

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.connection_limits import (
    ReservedConnection,
    close_idle_readers,
    idle_readers,
    open_readers,
)
from suppression.storage.engine.database import (
    CLOCK,
    Transaction,
    connection_of,
    reading_engine,
    translate_db_errors,
    unavailable_error,
)
from suppression.storage.engine.deadlines import SilentServerError

Row = tuple[Any, ...]

_POSTGRESQL = "postgresql"
# Every statement here looks up few rows by key: statistics must never lead to another plan.
_SESSION = (
    "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off;"
    "SET enable_bitmapscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan"
)
_PLACEHOLDER = re.compile(r"\$(\d+)")
_RETRIED = {
    "0A000",  # a migration changed the columns of a prepared statement
    "26000",  # a pooler between us and the server dropped the statement
}


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with parameters `$1`, `$2`, and the unique name by which PostgreSQL prepares it.

    A statement without a name is not prepared: any on SQLite, and one without rows on PostgreSQL.
    """

    name: str
    text: str


class Reader:
    """A connection outside the pools, in autocommit mode, for one thread at a time.

    Each statement sees all that was committed before it, except while `in_snapshot`.
    """

    in_snapshot = False
    """Whether a transaction with one snapshot for several statements is open."""

    def __init__(self, engine: Engine) -> None:
        """Connect to the engine's database; raise the driver's or SQLAlchemy's error on failure."""
        self.dialect = engine.dialect
        self.clock = engine.get_execution_options().get(CLOCK)
        self._engine = engine
        self._connect()

    def _connect(self) -> None:
        pooled = self._engine.raw_connection()
        open_readers.add(self)  # before detach(): `is_anybody_connected` must always count it
        pooled.detach()
        connection: Any = pooled.dbapi_connection
        self._connection, self._cursor = connection, connection.cursor()
        self._prepared: set[str] = set()
        self.in_snapshot = False
        if self.dialect.name == _POSTGRESQL:
            connection.autocommit = True
            self._cursor.execute(_SESSION)
            del connection.notices[:]

    def fetch_all(self, statement: Statement, parameters: Sequence[object]) -> list[Row]:
        """Return a statement's rows; reconnect and retry once if the connection was lost.

        Also retry once if the server dropped the prepared statement, or cannot use it after a
        migration. So a statement may run twice, but not after a wait that was too long, nor in a
        snapshot, which a new connection would not have. Raise DatabaseUnavailableError if the retry
        is not allowed in a snapshot, or loses its connection too; the driver's or SQLAlchemy's
        error for any other failure.
        """
        try:
            return self._execute(statement, parameters)
        except SilentServerError:
            raise  # the caller has waited long enough
        except psycopg2.Error as error:
            if not self._lost(error) and error.pgcode not in _RETRIED:
                raise
            if self.in_snapshot:
                raise unavailable_error(error) from error
        self.close()
        self._connect()
        try:
            return self._execute(statement, parameters)
        except psycopg2.Error as error:
            if self._lost(error):
                raise unavailable_error(error) from error
            raise

    def _execute(self, statement: Statement, parameters: Sequence[object]) -> list[Row]:
        cursor = self._cursor
        if self.dialect.name == _POSTGRESQL:
            name = statement.name
            if not name:
                cursor.execute(statement.text)
                return []
            if name not in self._prepared:
                cursor.execute(f"PREPARE {name} AS {statement.text}")
                self._prepared.add(name)
            cursor.execute(_call(name, len(parameters)), parameters)
        else:
            cursor.execute(_with_marks(statement.text, "?"), parameters)
        rows: list[Row] = cursor.fetchall()
        return rows

    def _lost(self, error: psycopg2.Error) -> bool:
        """Return whether the connection to the server is lost.

        An error without a code counts as a loss: psycopg2 raises it as a plain DatabaseError, and
        may leave a lost connection marked open.
        """
        return bool(self._connection.closed) or type(error) is psycopg2.DatabaseError

    def confirm_write(self) -> None:
        """Raise psycopg2.OperationalError if the server did not confirm the last write."""
        if self.dialect.name == _POSTGRESQL:
            self._connection.refuse_warning()

    def close(self) -> None:
        """Close the connection, which rolls back any open transaction."""
        open_readers.discard(self)
        if self.dialect.name != _POSTGRESQL:
            # SQLite keeps a closed connection's lock as long as a cursor of it exists.
            self._connection.rollback()
        self._connection.close()


Source = Transaction | Reader
"""A connection that runs statements: a transaction that the caller has opened, or a reader."""


def stated_time(source: Source) -> datetime | None:
    """Return the time of the source's substitute clock; None if it has no substitute."""
    clock = (
        source.clock if isinstance(source, Reader) else source.get_execution_options().get(CLOCK)
    )
    return clock() if clock else None


class last_resort_reader:  # noqa: N801 - used as a context manager
    """A context manager that lends a reader, and keeps it for later unless the block raises.

    If no reader is available, a request that stores a stop gets the reserved connection instead.
    """

    __slots__ = ("_idle", "_source")

    def __enter__(self) -> Source:
        """Return the most recently used idle reader, or a new one, or the reserved connection.

        Raise DatabaseUnavailableError if none of them can be had.
        """
        engine = reading_engine()
        self._idle = idle_readers.setdefault(engine, [])
        # Two threads may both see the last idle reader: the slower one connects.
        try:
            self._source: Source = self._idle.pop()
        except IndexError:
            take = partial(_idle_or_new, engine, self._idle)
            self._source = connection_of(take, ReservedConnection(engine=engine, readers=True))
        return self._source

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Keep the reader for later, or close it if the block raised.

        Always return the reserved connection to its pool. Raise DatabaseUnavailableError instead of
        a block's error that means an unavailable database.
        """
        source = self._source
        if error is None and isinstance(source, Reader):
            self._idle.append(source)
            return
        # All rows are read already: a connection that is lost only now is no failure.
        with suppress(DatabaseUnavailableError), translate_db_errors():
            source.close()  # its state is unknown
        if error is not None:
            with translate_db_errors():
                raise error


class reader_connection(last_resort_reader):  # noqa: N801 - as above
    """A context manager that lends a reader, never the connection reserved for stops.

    Raise DatabaseUnavailableError if no reader is available.
    """

    __slots__ = ()

    def __enter__(self) -> Reader:
        """Return an idle reader or a new one; raise DatabaseUnavailableError if there is none."""
        source = super().__enter__()
        if not isinstance(source, Reader):
            source.close()
            raise DatabaseUnavailableError
        return source


def _idle_or_new(engine: Engine, idle: list[Reader]) -> Reader:
    """Return a reader that became idle in the meantime, or a new one."""
    try:
        reader: Reader = idle.pop()
    except IndexError:
        return Reader(engine)
    return reader


@event.listens_for(Engine, "engine_disposed")
def _close_idle(engine: Engine) -> None:
    """Close an engine's idle readers when it is disposed of, for example before a fork."""
    close_idle_readers(engine)


def execute(source: Source, statement: Statement, parameters: Sequence[object]) -> list[Row]:
    """Execute a statement that returns rows, and return them.

    A PostgreSQL reader prepares the statement, and may execute it twice (`Reader.fetch_all`). The
    errors are those of the driver or SQLAlchemy: see `translate_db_errors`.
    """
    if isinstance(source, Reader):
        return source.fetch_all(statement, parameters)
    if source.dialect.name != _POSTGRESQL:
        cursor_result = source.exec_driver_sql(_with_marks(statement.text, "?"), tuple(parameters))
    else:
        values_by_name = {f"p{number}": value for number, value in enumerate(parameters, 1)}
        cursor_result = source.exec_driver_sql(_with_names(statement.text), values_by_name)
    return [tuple(row) for row in cursor_result]


@lru_cache(maxsize=1024)
def _with_marks(text: str, mark: str) -> str:
    return _PLACEHOLDER.sub(rf"{mark}\1", text)


@lru_cache(maxsize=64)
def _with_names(text: str) -> str:
    return _PLACEHOLDER.sub(r"%(p\1)s", text)


@lru_cache(maxsize=64)
def _call(name: str, parameters: int) -> str:
    values = ", ".join(["%s"] * parameters)
    return f"EXECUTE {name} ({values})" if values else f"EXECUTE {name}"
