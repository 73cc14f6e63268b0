"""Migration 0015 resets the sign-in delays of the version before, whose code keeps working."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from suppression.domain.users.sign_in_delays import AttemptCount
from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect, writing
from suppression.storage.users.sign_in_delays import register_attempt
from suppression.storage.users.tables import DbSignInDelay
from suppression.wiring.whole import create_app
from tests.databases import empty_database, settings_for

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
OLD = text("INSERT INTO sign_in_delays (digest, failures, not_before) VALUES (:d, 40, :n)")


@pytest.fixture
def before(backend: str, tmp_path: Path) -> Iterator[Flask]:
    """Yield an application on a database of version 0011, with a login that must wait."""
    with empty_database(backend, tmp_path) as url:
        app = create_app(settings_for(url))
        with app.app_context():
            upgrade(revision="0011")
            _fail_as_before(b"old" * 10)
            yield app
            disconnect()


def _fail_as_before(digest: bytes) -> None:
    with db.engine.begin() as connection:
        connection.execute(OLD, {"d": digest, "n": NOW + timedelta(minutes=15)})


def _rows() -> int:
    with db.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(DbSignInDelay)).scalar_one()


@pytest.mark.usefixtures("before")
def test_counts_of_the_version_before_are_gone_and_it_may_still_write_some() -> None:
    upgrade(revision="0015")
    assert _rows() == 0
    _fail_as_before(b"new" * 10)
    count = AttemptCount(digest=b"c" * 32)
    with writing() as transaction:
        assert register_attempt(transaction, b"l" * 32, [count], now=NOW) == timedelta(0)
    assert _rows() == 1, "what has no end is deleted at the next attempt"
