"""The database itself refuses to change or delete ledger entries."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from suppression.storage.engine.base import db
from tests.api import Api


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entries SET actor = 'nobody'",
        "DELETE FROM ledger_entries",
        "INSERT OR REPLACE INTO ledger_entries SELECT * FROM ledger_entries",
    ],
)
def test_an_entry_can_be_neither_changed_nor_deleted(
    api: Api, app: Flask, backend: str, change: str
) -> None:
    if "REPLACE" in change and backend != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    api.stop("email", "jean.dupont@example.fr")
    before = api.search("email", "jean.dupont@example.fr")
    with (
        app.app_context(),
        pytest.raises(DBAPIError, match="append-only"),
        db.engine.begin() as connection,
    ):
        connection.execute(text(change))
    assert api.search("email", "jean.dupont@example.fr") == before


def test_the_ledger_cannot_be_emptied(api: Api, app: Flask, backend: str) -> None:
    if backend == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    api.stop("email", "jean.dupont@example.fr")
    with (
        app.app_context(),
        pytest.raises(DBAPIError, match="append-only"),
        db.engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE ledger_entries"))


@pytest.mark.parametrize("fields", [{}, {"topic": "offers"}])
def test_without_its_ledger_entry_no_stop_is_stored(
    api: Api, app: Flask, fields: dict[str, object]
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE ledger_entries RENAME TO gone"))
    assert api.stop("email", "jean.dupont@example.fr", **fields).status_code >= 500
    with app.app_context(), db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM suppressions")).scalar_one() == 0


def test_state_and_ledger_name_the_same_record(api: Api, app: Flask) -> None:
    api.stop("email", "jean.dupont@gmail.com", topic="offers", ref="crm:1")
    with app.app_context(), db.engine.connect() as connection:
        row = connection.execute(text("SELECT record_id FROM suppressions")).scalar_one()
        entry = connection.execute(
            text("SELECT record_id FROM ledger_entries WHERE type = 's'")
        ).scalar_one()
        forms = connection.execute(text("SELECT count(*) FROM suppression_forms")).scalar_one()
    assert row == entry
    assert forms == 1


def test_an_entry_commits_to_the_forms_without_showing_them(api: Api, app: Flask) -> None:
    api.stop("email", "jean.dupont@gmail.com")
    with app.app_context(), db.engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM ledger_entries WHERE type = 's'")).one()
        row = connection.execute(text("SELECT fingerprint, salt FROM suppressions")).one()
        other = connection.execute(text("SELECT fingerprint FROM suppression_forms")).scalar_one()
    forms = [_raw(row.fingerprint), _raw(other)]
    expected = hashlib.sha256(bytes(row.salt) + b"".join(sorted(forms))).digest()
    assert bytes(stored.commitment) == expected
    assert not {row.fingerprint, other} & set(stored)


def _raw(fingerprint: bytes | UUID) -> bytes:
    return fingerprint.bytes if isinstance(fingerprint, UUID) else bytes(fingerprint)
