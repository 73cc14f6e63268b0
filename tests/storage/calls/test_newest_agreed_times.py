"""The query for agreed times by date uses their index, and reads no other calls."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from suppression.storage.calls.rows import callback_since
from suppression.storage.engine.database import writing
from tests.api import make_controller
from tests.databases import SQLITE, Database


def test_a_time_agreed_to_since_is_found_by_the_index_of_agreed_times(
    app: Flask, database: Database
) -> None:
    on_sqlite = database.backend == SQLITE
    controller = make_controller(app, "okwind")
    with app.app_context(), writing() as transaction:
        if not on_sqlite:  # for an empty table PostgreSQL plans a sequential scan
            transaction.execute(text("SET LOCAL enable_seqscan = off"))
        plans: list[str] = []

        def explain(*sent: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
            _, cursor, statement, parameters, *_ = sent
            if not plans:
                cursor.execute(f"EXPLAIN {'QUERY PLAN ' * on_sqlite}{statement}", parameters)
                plans.append(str(cursor.fetchall()))

        event.listen(transaction, "before_cursor_execute", explain)
        assert not callback_since(transaction, controller, datetime(2026, 11, 23, tzinfo=UTC))
    assert "ix_contact_events_agreed" in plans[0]
