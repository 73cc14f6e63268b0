"""On PostgreSQL migration 0016 fills rows in batches, with the result that one statement has."""

from __future__ import annotations

import hashlib
import runpy
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, event, insert, select, text

from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect
from suppression.storage.ledger.tables import DbLedgerEntry
from suppression.storage.suppressions.tables import DbSuppression
from suppression.wiring.core import MIGRATIONS
from tests.api import Api
from tests.conftest import Clock
from tests.databases import BACKENDS

ROWS = 2500
_MIGRATION = MIGRATIONS / "versions" / "0016_void_consents_of_lifted_stops.py"
STOPPED = "jean.dupont@example.fr"
_FILLED = "SELECT fingerprint, consents_void_until FROM suppressions ORDER BY fingerprint"
_STOP_OF_THE_VERSION_BEFORE = """INSERT INTO suppressions (
    fingerprint, record_id, occurred_at, last_occurred_at, controller_number, channel, purpose,
    topic, reason, source, evidence, salt
)
SELECT gen_random_uuid(), gen_random_uuid(), now(), now(), controller_number, channel, purpose,
    topic, reason, source, evidence, salt
FROM suppressions LIMIT 1"""


class InterruptedUpgradeError(Exception):
    """The upgrade is interrupted, as by a lost connection."""


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return the newest PostgreSQL, because on SQLite no stop is stored during an upgrade."""
    return str(request.param)


@pytest.fixture
def before(app: Flask, api: Api, clock: Clock) -> Iterator[None]:
    """Yield on the schema before 0016, with many rows: in force, released, released by mistake."""
    api.stop("email", STOPPED, channels=["email"])
    clock.turn(hours=1)
    api.release("email", STOPPED, channels=["email"], reasons=["objection"])
    with app.app_context():
        _multiply()
        downgrade(revision="0015")
        yield
        disconnect()


@pytest.mark.usefixtures("before")
def test_all_rows_have_what_one_statement_would_give_them() -> None:
    upgrade()
    in_one_statement = runpy.run_path(str(_MIGRATION))["_LIFTED"]
    with db.engine.begin() as connection:
        filled = connection.execute(text(_FILLED)).all()
        connection.execute(text("UPDATE suppressions SET consents_void_until = NULL"))
        connection.execute(text(in_one_statement))
        assert filled == connection.execute(text(_FILLED)).all()
    assert sum(row.consents_void_until is not None for row in filled) > ROWS / 4
    assert sum(row.consents_void_until is None for row in filled) > ROWS / 4


@pytest.mark.usefixtures("before")
def test_a_stop_is_stored_while_rows_are_filled() -> None:
    """All rows were once locked during the whole upgrade, so a stop waited, and got a 503."""
    stored: list[int] = []

    @event.listens_for(Engine, "after_cursor_execute")
    def stop_meanwhile(*sent: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
        statement = sent[2]
        if statement.startswith("UPDATE suppressions SET consents_void_until") and not stored:
            stored.append(0)
            with db.engine.begin() as other:
                stored[0] = other.execute(text(_STOP_OF_THE_VERSION_BEFORE)).rowcount

    try:
        upgrade()
    finally:
        event.remove(Engine, "after_cursor_execute", stop_meanwhile)
    assert stored == [1]


@pytest.mark.usefixtures("before")
def test_an_upgrade_that_was_interrupted_begins_anew() -> None:
    calls: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def interrupt(*sent: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
        if sent[2].startswith("UPDATE suppressions SET consents_void_until"):
            calls.append(sent[2])
            if len(calls) == 2:
                raise InterruptedUpgradeError

    try:
        with pytest.raises(InterruptedUpgradeError):
            upgrade()
    finally:
        event.remove(Engine, "before_cursor_execute", interrupt)
    test_all_rows_have_what_one_statement_would_give_them()


def _multiply() -> None:
    """Copy the released stop and its entries to many people; every third is a mistake's release."""
    with db.engine.begin() as connection:
        stop = dict(connection.execute(select(DbSuppression)).mappings().one())
        entries = [
            dict(row)
            for row in connection.execute(
                select(DbLedgerEntry).where(DbLedgerEntry.record_id == stop["record_id"])
            ).mappings()
        ]
        for start in range(0, ROWS, 500):
            numbers = range(start, start + 500)
            connection.execute(insert(DbSuppression), [_stop(stop, number) for number in numbers])
            connection.execute(
                insert(DbLedgerEntry),
                [_entry(entry, number) for number in numbers for entry in entries],
            )


def _sixteen(what: str, number: int) -> bytes:
    return hashlib.sha256(f"{what} {number}".encode()).digest()[:16]


def _stop(stop: dict[str, Any], number: int) -> dict[str, Any]:
    own = {"fingerprint": _sixteen("person", number), "record_id": _sixteen("record", number)}
    return stop | own | {"consents_void_until": None}


def _entry(entry: dict[str, Any], number: int) -> dict[str, Any]:
    own = {
        "record_id": _sixteen("record", number),
        "entry_id": _sixteen(f"entry {entry['type']}", number),
        "occurred_at": entry["occurred_at"] - timedelta(seconds=number),
    }
    if entry["why"] and number % 3 == 0:
        own |= {"why": "mistake"}
    return entry | own
