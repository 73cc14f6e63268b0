"""Migrations: one head, from empty to what the code maps, on every database."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from suppression.storage.base import Base, db
from suppression.wiring import MIGRATIONS


def test_there_is_one_head_and_a_plain_row_of_numbers() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    numbers = sorted(revision.revision for revision in script.walk_revisions())
    assert len(script.get_heads()) == 1
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_every_file_begins_with_its_number() -> None:
    names = sorted(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))
    assert all(name[:4].isdecimal() and name[4] == "_" for name in names)


def test_an_upgrade_from_empty_makes_what_the_code_maps(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_stand_in_the_repository() -> None:
    assert Path(MIGRATIONS).joinpath("env.py").is_file()
