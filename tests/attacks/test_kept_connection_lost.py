"""Losing the connection that is reserved for stops is an outage (503), not an error (500).

The attack: only the reserved connection is available, and the server ends it again and again.
Returning it then raised an error that was not handled as an outage, so a stop was answered 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from flask import Flask

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine import prepared_statements as prepared
from suppression.storage.engine.connection_limits import STOPS_APPLICATION, stores_a_stop
from suppression.storage.engine.database import Transaction
from suppression.storage.engine.prepared_statements import last_resort_reader
from tests.api import Api
from tests.databases import BACKENDS, Database

EMAIL = "jean.dupont@example.fr"
END_IT = (
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
    " WHERE application_name = %s AND datname = current_database()"
)


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return the newest PostgreSQL, because SQLite reserves no connection for stops."""
    return str(request.param)


@pytest.fixture
def no_reader(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the test as a stop that gets no connection but the reserved one."""

    def refuse(*_: object) -> object:
        raise DatabaseUnavailableError

    monkeypatch.setattr(prepared, "_idle_or_new", refuse)
    with app.app_context():
        token = stores_a_stop.set(True)
        yield
        stores_a_stop.reset(token)


def end_the_kept_one(database: Database) -> None:
    """Let the server end the reserved connection."""
    with closing(psycopg2.connect(database.url.replace("+psycopg2", ""))) as other:
        cursor = other.cursor()
        cursor.execute(END_IT, (STOPS_APPLICATION,))
        assert cursor.fetchall() == [(1,)]


@pytest.mark.usefixtures("no_reader")
def test_what_was_read_on_it_before_is_read(database: Database) -> None:
    with last_resort_reader() as source:
        assert isinstance(source, Transaction)
        source.exec_driver_sql("SELECT 1")
        end_the_kept_one(database)
    with last_resort_reader() as source:  # another one is kept now
        assert isinstance(source, Transaction)
        assert source.exec_driver_sql("SELECT 2").scalar_one() == 2


def ask_while_it_goes_down(database: Database) -> None:
    """Run a statement on the reserved connection, end the connection, and run another statement."""
    with last_resort_reader() as source:
        assert isinstance(source, Transaction)
        source.exec_driver_sql("SELECT 1")
        end_the_kept_one(database)
        source.exec_driver_sql("SELECT 3")


@pytest.mark.usefixtures("no_reader")
def test_a_question_that_fails_on_it_is_told_as_an_outage(database: Database) -> None:
    with pytest.raises(DatabaseUnavailableError):
        ask_while_it_goes_down(database)


def test_stops_go_on_by_the_next_one(api: Api, database: Database) -> None:
    assert api.stop("email", EMAIL).status_code == 201
    end_the_kept_one(database)
    assert api.stop("email", "second@example.fr").status_code == 201
    assert api.decision("email", "second@example.fr") == "deny"
