"""No test finds what an earlier test wrote, even in a database that is used again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from suppression.domain.vocabulary import Preset
from suppression.wiring.whole import create_app
from tests.api import Api, make_controller, make_key
from tests.databases import SQLITE, Database, migrated_database

IDENTITY = "SELECT oid FROM pg_database WHERE datname = current_database()"


def test_a_used_database_is_given_again_as_the_migrations_left_it(
    backend: str, tmp_path: Path
) -> None:
    if backend == SQLITE:
        pytest.skip("a file is copied each time")
    with migrated_database(backend, tmp_path) as new:
        before, identity = new.dump(), fetch(new, IDENTITY)
    with migrated_database(backend, tmp_path) as used:
        stop(used)
        assert used.dump() != before
    with migrated_database(backend, tmp_path) as again:
        assert (again.dump(), fetch(again, IDENTITY)) == (before, identity)
        stop(again)
        assert fetch(again, "SELECT number FROM controllers") == [(1,)]
        with pytest.raises(psycopg2.Error, match="append-only"):
            fetch(again, "TRUNCATE ledger_entries")


def stop(database: Database) -> None:
    """Store a stop of a new controller, and leave the connections open."""
    app = create_app(database.settings())
    key = make_key(app, make_controller(app, "okwind", Preset.OBJECTION_ONLY))
    assert Api(app, key, set()).stop("email", "jean.dupont@example.fr").status_code == 201


def fetch(database: Database, query: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(database.url.replace("+psycopg2", ""))) as connection:
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor.fetchall()
