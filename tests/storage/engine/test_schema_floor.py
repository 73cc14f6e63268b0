"""Migrations tell the oldest code that may run on their schema; older code does not start."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from suppression.cli.migrations import db as commands
from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect
from suppression.storage.operations.readiness import newest_migration
from suppression.usecases.services import Services
from suppression.wiring.core import MIGRATIONS
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.databases import Database

FIRST = "0018"
"""The first migration that names its `oldest_code`."""
NEWEST = newest_migration(MIGRATIONS)
NEXT = f"{int(NEWEST) + 1:04}"
_MIGRATION = """
revision, down_revision, branch_labels, depends_on = "{next}", "{newest}", None, None
oldest_code = "{oldest_code}"


def upgrade() -> None:
    pass


downgrade = upgrade
"""
Migrate = Callable[[str], None]


@pytest.fixture
def migrated_by_newer_code(app: Flask, tmp_path: Path) -> Migrate:
    """Return a function that migrates as a newer version, with one more migration, would.

    Its argument is the `oldest_code` of that migration.
    """

    def migrate(oldest_code: str) -> None:
        folder = tmp_path / "newer"
        shutil.copytree(MIGRATIONS, folder)
        migration = _MIGRATION.format(next=NEXT, newest=NEWEST, oldest_code=oldest_code)
        (folder / "versions" / f"{NEXT}_of_newer_code.py").write_text(migration)
        own: Services = app.extensions["suppression"]
        with app.app_context():
            app.extensions["suppression"] = dataclasses.replace(own, schema_head=NEXT)
            upgrade(directory=str(folder))
            disconnect()
        app.extensions["suppression"] = own

    return migrate


def test_each_migration_tells_which_code_may_run_on_its_schema() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    for revision in ScriptDirectory.from_config(config).walk_revisions():
        if revision.revision >= FIRST:
            assert "0001" <= revision.module.oldest_code <= revision.revision


def test_the_newest_one_that_was_applied_counts(
    app: Flask, migrated_by_newer_code: Migrate
) -> None:
    def stored() -> list[str]:
        with db.engine.connect() as connection:
            return list(connection.execute(text("SELECT oldest_code FROM schema_floor")).scalars())

    with app.app_context():
        before = stored()
        downgrade(revision=f"{int(FIRST) - 1:04}")
        upgrade()
        assert stored() == before
        migrated_by_newer_code(NEXT)
        assert stored() == [NEXT]
        disconnect()


def test_code_that_may_run_on_a_newer_schema_runs(
    app: Flask, api: Api, database: Database, migrated_by_newer_code: Migrate
) -> None:
    """After a return to an older version, its `flask db upgrade` migrates nothing and succeeds."""
    migrated_by_newer_code(NEWEST)
    api.client = create_app(database.settings()).test_client()
    assert api.decision("email", "jean.dupont@example.fr") == "allow"
    assert api.send("GET", "/readyz").get_json()["schema"] == "ok"
    done = app.test_cli_runner().invoke(commands, ["upgrade"])
    assert (done.exit_code, "nothing to migrate" in done.output) == (0, True)
    refused = app.test_cli_runner().invoke(commands, ["downgrade", NEWEST])
    assert (refused.exit_code, "Use the newer version" in refused.output) == (1, True)


def test_code_that_may_not_run_on_a_newer_schema_answers_nobody(
    app: Flask, api: Api, database: Database, migrated_by_newer_code: Migrate
) -> None:
    """Code that may not run on the schema would store stops that newer code does not find."""
    migrated_by_newer_code(NEXT)
    assert api.send("GET", "/readyz").get_json()["schema"] == "failing"
    api.client = create_app(database.settings()).test_client()
    refused = api.post("/v1/checks", {"channel": "email", "identifier": "jean.dupont@example.fr"})
    assert refused.status_code == 503
    assert refused.get_json()["type"] == "urn:suppression:problem:schema-ahead"
    assert refused.get_json()["decision"] == "unknown"
    for words in (["db", "upgrade"], ["controllers", "list"]):
        done = app.test_cli_runner().invoke(app.cli, words)
        assert (done.exit_code, "start that version" in done.output) == (1, True), done.output
