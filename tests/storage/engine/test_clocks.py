"""Rows are dated by the database's own clock, unless the application is given another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from suppression.storage.engine.base import db
from suppression.storage.engine.clocks import database_now, entry_dates
from suppression.storage.engine.database import reading
from suppression.storage.engine.prepared_statements import reader_connection
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.conftest import Clock
from tests.databases import SQLITE, Database
from tests.web.api.test_links import click, link

YEAR = timedelta(days=365)


def test_postgresql_knows_the_time_whatever_the_machine_says(
    database: Database, clock: Clock
) -> None:
    if database.backend == SQLITE:
        pytest.skip("it has none of its own")
    clock.now = datetime.now(UTC) + YEAR
    app = create_app(database.settings(), clock=clock)
    with app.app_context(), reading() as transaction:
        assert abs(database_now(transaction) - datetime.now(UTC)) < YEAR / 2


def test_sqlite_has_its_machines_clock(database: Database, clock: Clock) -> None:
    if database.backend != SQLITE:
        pytest.skip("it has one of its own")
    app = create_app(database.settings(), clock=clock)
    with app.app_context(), reading() as transaction:
        assert database_now(transaction) == clock.now


def test_what_it_is_told_a_transaction_and_a_reader_know_alike(app: Flask, clock: Clock) -> None:
    with app.app_context():
        with reading() as transaction:
            dates = entry_dates(transaction)
        with reader_connection() as reader:
            assert entry_dates(reader) == dates
    assert (dates.now, dates.stop_at, dates.last) == (clock.now, clock.now, None)


def test_a_click_reads_the_clock_in_the_statement_that_stores_its_stop(
    app: Flask, api: Api, database: Database
) -> None:
    if database.backend == SQLITE:
        pytest.skip("it has none of its own")
    path, sent = link(api), list[str]()

    def note(*arguments: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
        sent.append(arguments[2])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        assert click(api, path).status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
    (reading_the_clock,) = [statement for statement in sent if "clock_timestamp" in statement]
    assert "INSERT INTO suppressions" in reading_the_clock
    assert "INSERT INTO ledger_entries" in reading_the_clock
