"""A database that answers every read and stores nothing is not ready, and says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text

from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect
from suppression.usecases import write_watch
from tests.api import Api

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$
"""
TABLES = ("suppressions", "key_checks")


@pytest.fixture
def full_disk(app: Flask) -> Callable[[], Any]:
    """Lets every write of the service fail, for as long as the block lasts."""
    return lambda: _on_sqlite(app) if _is_sqlite(app) else _on_postgresql(app)


def test_a_stop_that_could_not_be_stored_makes_the_service_unready(
    api: Api, full_disk: Callable[[], Any]
) -> None:
    assert api.send("GET", "/readyz").status_code == 200
    with full_disk():
        assert api.stop("email", "jean.dupont@example.fr").status_code == 503
        for _ in range(2):
            unready = api.send("GET", "/readyz")
            assert unready.status_code == 503
            told = unready.get_json()
            assert {name for name, state in told.items() if state == "failing"} == {"writes"}
    assert api.stop("email", "jean.dupont@example.fr").status_code == 201
    assert api.send("GET", "/readyz").status_code == 200


def test_a_service_that_is_quiet_finds_out_by_itself_and_recovers(
    api: Api, full_disk: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_watch, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(write_watch, "FAILED_SECONDS", 0.0)
    assert api.send("GET", "/readyz").status_code == 200
    with full_disk():
        assert api.send("GET", "/readyz").get_json()["writes"] == "failing"
        assert api.check("email", "jean.dupont@example.fr")["decision"] == "allow"
    assert api.send("GET", "/readyz").status_code == 200


def test_asking_often_writes_seldom(api: Api) -> None:
    written: list[str] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        written.extend([arguments[2]] if arguments[2].startswith("UPDATE") else [])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for _ in range(20):
            api.send("GET", "/readyz")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(written) <= 1


def _is_sqlite(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "sqlite"


@contextmanager
def _on_sqlite(app: Flask) -> Iterator[None]:
    def only_read(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(Engine, "connect", only_read)
    try:
        _reconnect(app)
        yield
    finally:
        event.remove(Engine, "connect", only_read)
        _reconnect(app)


@contextmanager
def _on_postgresql(app: Flask) -> Iterator[None]:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(FULL))
        for table in TABLES:
            trigger = f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table}"
            connection.execute(text(f"{trigger} EXECUTE FUNCTION full_disk()"))
    yield
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP FUNCTION full_disk CASCADE"))


def _reconnect(app: Flask) -> None:
    with app.app_context():
        disconnect()
