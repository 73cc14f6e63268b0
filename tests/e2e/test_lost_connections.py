"""A lost database connection costs no possible answer, and gives its place back to the pool."""

from __future__ import annotations

from contextlib import closing, suppress

import psycopg2
import pytest
from flask import Flask
from sqlalchemy import text

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.database import reading
from suppression.storage.engine.prepared_statements import Statement, reader_connection
from tests.databases import BACKENDS, SQLITE, Database

MORE_THAN_A_POOL = 40


POSTGRESQL = [name for name in BACKENDS if name != SQLITE][:1]
BACKEND = Statement("backend", "SELECT pg_backend_pid()")
READ_ONLY = Statement("ro", "SELECT set_config('default_transaction_read_only', 'on', false)")
WRITE = Statement("write", "DELETE FROM api_keys RETURNING number")
SLEEP = Statement("sleep", "SELECT pg_sleep($1)")


@pytest.mark.parametrize("backend", POSTGRESQL)
def test_lost_connections_leave_the_pool_whole(app: Flask, database: Database) -> None:
    with app.app_context():
        for _ in range(MORE_THAN_A_POOL):
            assert _read() == 1  # a connection that has been used before
            with suppress(DatabaseUnavailableError):  # no other error may be raised
                _read_before_it_dies(database)
        assert _read() == 1


@pytest.mark.parametrize("backend", POSTGRESQL)
def test_a_reader_whose_connection_dies_asks_again_on_a_new_one(
    app: Flask, database: Database
) -> None:
    with app.app_context():
        first = _asked()
        _terminate(database, first)
        second = _asked()
        assert second != first
        assert _asked() == second, "and keeps it"


@pytest.mark.parametrize("backend", POSTGRESQL)
def test_a_reader_prepares_again_what_was_forgotten(app: Flask) -> None:
    with app.app_context():
        first = _asked()
        with reader_connection() as reader:
            reader.fetch_all(Statement("gone", "SELECT 1"), ())
            reader._cursor.execute("DEALLOCATE ALL")  # noqa: SLF001 - as a pooler in between would
            assert reader.fetch_all(Statement("gone", "SELECT 1"), ()) == [(1,)]
        assert _asked() != first, "on a new connection"


@pytest.mark.parametrize("backend", POSTGRESQL)
def test_a_reader_does_not_wait_longer_than_it_may(app: Flask) -> None:
    with app.app_context():
        _asked()
        with pytest.raises(DatabaseUnavailableError), reader_connection() as reader:
            reader.fetch_all(SLEEP, (30,))
        assert _asked()


@pytest.mark.parametrize("backend", POSTGRESQL)
def test_a_server_that_became_a_standby_is_away(app: Flask) -> None:
    with app.app_context():
        with reader_connection() as reader:
            reader.fetch_all(READ_ONLY, ())
        with pytest.raises(DatabaseUnavailableError), reader_connection() as reader:
            reader.fetch_all(WRITE, ())


def _asked() -> int:
    """Return the id of the server process of the reader that was used last."""
    with reader_connection() as reader:
        return int(reader.fetch_all(BACKEND, ())[0][0])


def _read() -> int:
    with reading() as transaction:
        return int(transaction.execute(text("SELECT 1")).scalar_one())


def _read_before_it_dies(database: Database) -> None:
    with reading() as transaction:
        backend = transaction.execute(text("SELECT pg_backend_pid()")).scalar_one()
        _terminate(database, backend)


def _terminate(database: Database, backend: int) -> None:
    with closing(psycopg2.connect(database.url.replace("+psycopg2", ""))) as other:
        other.autocommit = True
        other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
