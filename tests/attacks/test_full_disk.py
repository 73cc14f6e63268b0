"""A service whose database answers reads but stores nothing answers /readyz with 503."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text

from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect, writing
from suppression.usecases import write_watch
from tests.api import Api

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$
"""


SMALL = "UPDATE key_checks SET check_value = check_value"
"""A statement that writes without needing more disk space."""
PROBE = "INSERT INTO suppressions"


@pytest.fixture
def full_disk(app: Flask) -> Callable[[], Any]:
    """Return a context in which no stop can be stored; writes that need no space succeed."""
    return lambda: _on_sqlite(app) if _is_sqlite(app) else _on_postgresql(app)


@pytest.fixture
def probed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each request of /readyz probe the database, without the usual pause."""
    monkeypatch.setattr(write_watch, "PASSED_SECONDS", 0.0)
    monkeypatch.setattr(write_watch, "FAILED_SECONDS", 0.0)


def test_a_stop_that_could_not_be_stored_makes_the_service_unready(
    api: Api, full_disk: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api.send("GET", "/readyz").status_code == 200
    with full_disk():
        assert _stops_until_one_fails(api) == 503
        for path in ("/readyz", "/readyz/stops") * 2:
            unready = api.send("GET", path)
            assert unready.status_code == 503
            told = unready.get_json()
            assert {name for name, state in told.items() if state == "failing"} == {"writes"}
    assert api.stop("email", "jean.dupont@example.fr").status_code == 201
    monkeypatch.setattr(write_watch, "FAILED_SECONDS", 0.0)
    assert api.send("GET", "/readyz").status_code == 200


@pytest.mark.usefixtures("probed")
def test_neither_a_small_write_nor_a_check_makes_it_ready_again(
    app: Flask, api: Api, full_disk: Callable[[], Any]
) -> None:
    with full_disk():
        assert _stops_until_one_fails(api) == 503
        for _ in range(3):
            with app.app_context(), writing() as transaction:
                assert transaction.execute(text(SMALL)).rowcount
            assert api.check("email", "marie.durand@example.fr")["decision"] == "allow"
            assert api.send("GET", "/readyz").status_code == 503


@pytest.mark.usefixtures("probed")
def test_a_service_that_is_quiet_finds_out_by_itself_and_recovers(
    api: Api, full_disk: Callable[[], Any]
) -> None:
    with full_disk():
        assert api.send("GET", "/readyz").get_json()["writes"] == "failing"
        assert api.check("email", "jean.dupont@example.fr")["decision"] == "allow"
    assert api.send("GET", "/readyz").status_code == 200


def test_after_a_failure_that_is_over_it_is_unready_for_seconds(
    api: Api, full_disk: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One probe that passes must not hide stops that go on failing."""
    assert api.send("GET", "/readyz").status_code == 200
    with full_disk():
        assert _stops_until_one_fails(api) == 503
    assert [api.send("GET", "/readyz").status_code for _ in range(2)] == [503, 503]
    monkeypatch.setattr(write_watch, "FAILED_SECONDS", 0.0)
    assert api.send("GET", "/readyz").status_code == 200


@pytest.mark.usefixtures("probed")
def test_a_probe_leaves_nothing_behind(app: Flask, api: Api) -> None:
    for _ in range(3):
        assert api.send("GET", "/readyz").status_code == 200
    with app.app_context(), writing() as transaction:
        for table in ("suppressions", "suppression_forms"):
            rows = transaction.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - ours
            assert rows.scalar() == 0


@pytest.mark.parametrize("stops", [0, 20])
def test_asking_often_writes_seldom(api: Api, stops: int) -> None:
    written: list[str] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        written.extend([arguments[2]] if arguments[2].startswith(PROBE) else [])

    for number in range(stops):
        assert api.stop("email", f"person{number}@example.fr").status_code == 201
    event.listen(Engine, "before_cursor_execute", note)
    try:
        for _ in range(20):
            assert api.send("GET", "/readyz").status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(written) == 1


def _stops_until_one_fails(api: Api) -> int:
    """Send up to 100 stops; return the status of the first that is not stored, else of the last."""
    for number in range(100):
        status = api.stop("email", f"person{number}@example.fr").status_code
        if status != 201:
            break
    return status


def _is_sqlite(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "sqlite"


@contextmanager
def _on_sqlite(app: Flask) -> Iterator[None]:
    def no_more_pages(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # as many as there are

    event.listen(Engine, "connect", no_more_pages)
    try:
        _reconnect(app)
        yield
    finally:
        event.remove(Engine, "connect", no_more_pages)
        _reconnect(app)


@contextmanager
def _on_postgresql(app: Flask) -> Iterator[None]:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(FULL))
        trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON suppressions"
        connection.execute(text(f"{trigger} EXECUTE FUNCTION full_disk()"))
    yield
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP FUNCTION full_disk CASCADE"))


def _reconnect(app: Flask) -> None:
    with app.app_context():
        disconnect()
