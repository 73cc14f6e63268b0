"""The database itself refuses to change the ledger."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from suppression.storage.base import db
from tests.api import Api


@pytest.mark.parametrize(
    "change", ["UPDATE ledger_entries SET actor = 'nobody'", "DELETE FROM ledger_entries"]
)
def test_an_entry_can_be_neither_changed_nor_deleted(api: Api, app: Flask, change: str) -> None:
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
        return  # SQLite has no TRUNCATE
    api.stop("email", "jean.dupont@example.fr")
    with (
        app.app_context(),
        pytest.raises(DBAPIError, match="append-only"),
        db.engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE ledger_entries"))


def test_state_and_ledger_are_one_commit(api: Api, app: Flask) -> None:
    api.stop("email", "jean.dupont@gmail.com", topic="offers", ref="crm:1")
    with app.app_context(), db.engine.connect() as connection:
        row = connection.execute(text("SELECT record_id FROM suppressions")).scalar_one()
        entry = connection.execute(text("SELECT record_id FROM ledger_entries")).scalar_one()
        forms = connection.execute(text("SELECT count(*) FROM suppression_forms")).scalar_one()
    assert row == entry
    assert forms == 1


def test_an_entry_commits_to_the_forms_without_showing_them(api: Api, app: Flask) -> None:
    api.stop("email", "jean.dupont@gmail.com")
    with app.app_context(), db.engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM ledger_entries")).one()
        primary = connection.execute(text("SELECT fingerprint FROM suppressions")).scalar_one()
    assert primary not in tuple(stored)
    assert len(bytes(stored.commitment)) == 32
