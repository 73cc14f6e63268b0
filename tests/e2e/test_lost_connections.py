"""A connection that dies between its last answer and its return leaves the pool its place."""

from __future__ import annotations

from contextlib import closing, suppress

import psycopg2
import pytest
from flask import Flask
from sqlalchemy import text

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.database import reading
from tests.databases import BACKENDS, SQLITE, Database

MORE_THAN_A_POOL = 40


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != SQLITE][:1])
def test_lost_connections_leave_the_pool_whole(app: Flask, database: Database) -> None:
    with app.app_context():
        for _ in range(MORE_THAN_A_POOL):
            assert _read() == 1  # a connection that has been used before
            with suppress(DatabaseUnavailableError):  # nothing else may come out
                _read_before_it_dies(database)
        assert _read() == 1


def _read() -> int:
    with reading() as transaction:
        return int(transaction.execute(text("SELECT 1")).scalar_one())


def _read_before_it_dies(database: Database) -> None:
    with reading() as transaction:
        backend = transaction.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with closing(psycopg2.connect(database.url.replace("+psycopg2", ""))) as other:
            other.autocommit = True
            other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
