"""The statement that stores and commits a new stop stores it completely or not at all, and once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg2
import pytest
from flask import Flask

from suppression.domain.errors import DatabaseUnavailableError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry, suppression_entry
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionRequest,
    new_suppression,
)
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason
from suppression.storage.engine.base import db
from suppression.storage.engine.prepared_statements import Statement, reader_connection
from suppression.storage.suppressions.new_rows import insert_if_new
from tests.api import make_controller
from tests.databases import SQLITE, Database

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STOP = SuppressionRequest(
    forms=tuple(Fingerprint(bytes([number]) * 16) for number in (1, 2, 3)),
    scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING),
    reason=Reason.OBJECTION,
    evidence=Evidence.API,
    occurred_at=NOW,
)
CONTEXT = AuditContext(actor="key:1", recorded_at=NOW, reference="2345-6789-ABCD")
STORED = {"suppressions": 1, "suppression_forms": 2, "ledger_entries": 1}
NOTHING = dict.fromkeys(STORED, 0)


def test_row_forms_and_entry_are_committed_together(app: Flask) -> None:
    assert _open(app, 1)
    assert _stored(app) == STORED


def test_where_a_row_of_the_key_is_nothing_is_written(app: Flask) -> None:
    assert _open(app, 1)
    assert not _open(app, 2)
    assert _stored(app) == STORED


def test_what_fails_leaves_nothing_and_holds_nobody_up(app: Flask) -> None:
    nameless: Any = None
    with pytest.raises(Exception, match="actor"):
        _open(app, 1, actor=nameless)
    assert _stored(app) == NOTHING
    assert _open(app, 2)
    assert _stored(app) == STORED


def test_a_lost_connection_costs_no_stop(app: Flask, database: Database) -> None:
    if database.backend == SQLITE:
        pytest.skip("a file is never lost")
    with app.app_context(), reader_connection() as reader:
        backend = reader.fetch_all(Statement("backend", "SELECT pg_backend_pid()"), ())[0][0]
    with closing(psycopg2.connect(database.url.replace("+psycopg2", ""))) as other:
        other.autocommit = True
        other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
    assert _open(app, 1)
    assert _stored(app) == STORED


def test_a_server_that_became_a_standby_is_away_and_not_asked_again(
    app: Flask, database: Database
) -> None:
    if database.backend == SQLITE:
        pytest.skip("a file is no server")
    with app.app_context(), reader_connection() as reader:
        reader._cursor.execute("SET default_transaction_read_only = on")  # noqa: SLF001 - as there
    with pytest.raises(DatabaseUnavailableError):
        _open(app, 1)
    assert _open(app, 2), "on a new connection"


def _open(app: Flask, number: int, *, actor: str = CONTEXT.actor) -> bool:
    with app.app_context():
        controller = make_controller(app, f"company-{number}").number
        row, entry = _written(number)
        entry = replace(entry, context=replace(CONTEXT, actor=actor))
        with reader_connection() as reader:
            return insert_if_new(reader, row, entry, controller=controller) is not None


def _written(number: int) -> tuple[Suppression, LedgerEntry]:
    row = new_suppression(
        STOP, record_id=RecordId(bytes([number]) * 16), salt=bytes(16)
    ).suppression
    entry = suppression_entry(
        row,
        EntryType.STOP,
        CONTEXT,
        entry_id=EntryId(bytes([number]) * 16),
        evidence=STOP.evidence,
        occurred_at=NOW,
    )
    return row, entry


def _stored(app: Flask) -> dict[str, int]:
    counts = {
        "suppressions": "SELECT count(*) FROM suppressions",
        "suppression_forms": "SELECT count(*) FROM suppression_forms",
        "ledger_entries": "SELECT count(*) FROM ledger_entries WHERE record_id IS NOT NULL",
    }
    with app.app_context(), db.engine.connect() as connection:
        return {
            table: int(connection.exec_driver_sql(statement).scalar_one())
            for table, statement in counts.items()
        }
