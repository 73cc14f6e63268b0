"""What every request does: statements that each connection prepares once, then only executes.

A check or a plain stop builds no statement, compiles none and asks nobody whether its connection
still lives. The connections are these readers' own; one that was lost is opened again, once, and
asked again: reads may be repeated, and so may what writes a row only where none of its key is.
Why so: docs/decisions/0040-hot-path.md.
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
from suppression.storage.database import (
    CLOCK,
    Transaction,
    obtained,
    reading_engine,
    translated,
    unavailable,
)
from suppression.storage.held import Spared, close_idle_readers, idle_readers, open_readers

Row = tuple[Any, ...]

_POSTGRESQL = "postgresql"
# Every statement here looks few rows up by their key: no statistics may ever lead it elsewhere.
_SESSION = (
    "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off;"
    "SET enable_bitmapscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan"
)
_PLACE = re.compile(r"\$(\d+)")
_MADE_ANEW = {
    "0A000",  # a migration changed what a prepared statement gives
    "26000",  # somebody between us and the server has forgotten it
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement under a name of its own; parameters stand in it as `$1`, `$2`."""

    name: str
    text: str


class Reader:
    """A connection that only executes statements; each sees all that was committed before it."""

    def __init__(self, engine: Engine) -> None:
        """Connect."""
        self.dialect = engine.dialect
        self.clock = engine.get_execution_options().get(CLOCK)
        self._engine = engine
        self._connect()

    def _connect(self) -> None:
        pooled = self._engine.raw_connection()
        pooled.detach()
        connection: Any = pooled.dbapi_connection
        self._connection, self._cursor = connection, connection.cursor()
        self._prepared: set[str] = set()
        if self.dialect.name == _POSTGRESQL:
            connection.autocommit = True
            self._cursor.execute(_SESSION)
        open_readers.add(self)

    def rows(self, statement: Statement, parameters: Sequence[object]) -> list[Row]:
        """What a statement finds; asked anew on a new connection if this one was lost."""
        try:
            return self._execute(statement, parameters)
        except psycopg2.Error as error:
            if not self._lost(error) and error.pgcode not in _MADE_ANEW:
                raise
        self.close()
        self._connect()
        try:
            return self._execute(statement, parameters)
        except psycopg2.Error as error:
            if self._lost(error):
                raise unavailable(error) from error
            raise

    def _execute(self, statement: Statement, parameters: Sequence[object]) -> list[Row]:
        cursor = self._cursor
        if self.dialect.name == _POSTGRESQL:
            name = statement.name
            if name not in self._prepared:
                cursor.execute(f"PREPARE {name} AS {statement.text}")
                self._prepared.add(name)
            cursor.execute(_call(name, len(parameters)), parameters)
        else:
            cursor.execute(_marked(statement.text, "?"), parameters)
        found: list[Row] = cursor.fetchall()
        return found

    def _lost(self, error: psycopg2.Error) -> bool:
        """Whether the server has left the other end.

        What libpq cannot name comes as DatabaseError itself, and may leave the connection open.
        """
        return bool(self._connection.closed) or type(error) is psycopg2.DatabaseError

    def close(self) -> None:
        """Give the connection up, and what was under way."""
        open_readers.discard(self)
        if self.dialect.name != _POSTGRESQL:
            # While a cursor of it is known to anybody, SQLite would keep a closed one's lock.
            self._connection.rollback()
        self._connection.close()


Source = Transaction | Reader
"""Whatever can be read from: a transaction that somebody else has opened, or a reader."""


def told_time(source: Source) -> datetime | None:
    """What time it is where the database is told it; None where it knows itself."""
    told = source.clock if isinstance(source, Reader) else source.get_execution_options().get(CLOCK)
    return told() if told else None


class asking_in_need:  # noqa: N801 - used as what it is: a block
    """A reader for the block, kept for the next one unless the block fails.

    Where no reader can be had, a stop reads on the connection that is kept for it.
    """

    __slots__ = ("_idle", "_source")

    def __enter__(self) -> Source:
        """The one that was used last, or a new one."""
        engine = reading_engine()
        self._idle = idle_readers.setdefault(engine, [])
        # Two threads may both see the last one: who comes too late connects.
        try:
            self._source: Source = self._idle.pop()
        except IndexError:
            new = partial(_idle_or_new, engine, self._idle)
            self._source = obtained(new, Spared(engine=engine, readers=True))
        return self._source

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Keep it, or give it up; whatever says that the database is away, as what that means."""
        source = self._source
        if error is None and isinstance(source, Reader):
            self._idle.append(source)
            return
        # What was read is read: that the other end has gone by now is nobody's failure.
        with suppress(DatabaseUnavailableError), translated():
            source.close()  # who knows what it was about
        if error is not None:
            with translated():
                raise error


class asking(asking_in_need):  # noqa: N801 - the same
    """A reader and nothing else. DatabaseUnavailableError where none can be had."""

    __slots__ = ()

    def __enter__(self) -> Reader:
        """The one that was used last, or a new one."""
        source = super().__enter__()
        if not isinstance(source, Reader):
            source.close()
            raise DatabaseUnavailableError
        return source


def _idle_or_new(engine: Engine, idle: list[Reader]) -> Reader:
    """A reader that was given back in the meantime, or a new one."""
    try:
        reader: Reader = idle.pop()
    except IndexError:
        with translated():
            return Reader(engine)
    return reader


@event.listens_for(Engine, "engine_disposed")
def _close_idle(engine: Engine) -> None:
    """Close the readers that wait with the engine's other connections, as before a fork."""
    close_idle_readers(engine)


def rows(source: Source, statement: Statement, parameters: Sequence[object]) -> list[Row]:
    """What a statement finds, prepared on a reader, as it stands in anybody else's transaction."""
    if isinstance(source, Reader):
        return source.rows(statement, parameters)
    if source.dialect.name != _POSTGRESQL:
        found = source.exec_driver_sql(_marked(statement.text, "?"), tuple(parameters))
    else:
        named = {f"p{number}": value for number, value in enumerate(parameters, 1)}
        found = source.exec_driver_sql(_named(statement.text), named)
    return [tuple(row) for row in found]


@lru_cache(maxsize=1024)
def _marked(text: str, mark: str) -> str:
    return _PLACE.sub(rf"{mark}\1", text)


@lru_cache(maxsize=64)
def _named(text: str) -> str:
    return _PLACE.sub(r"%(p\1)s", text)


@lru_cache(maxsize=64)
def _call(name: str, parameters: int) -> str:
    values = ", ".join(["%s"] * parameters)
    return f"EXECUTE {name} ({values})" if values else f"EXECUTE {name}"
