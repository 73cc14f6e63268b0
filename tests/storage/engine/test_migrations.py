"""Migrations have one head, and lead from an empty database to the code's tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete

from suppression.domain.vocabulary import Preset, Sector
from suppression.storage.engine.base import Base, db
from suppression.storage.operations.readiness import newest_migration
from suppression.wiring.core import MIGRATIONS
from tests.api import Api, make_controller, make_key
from tests.consenting import consented, states
from tests.policies import set_policies


def test_there_is_one_head_and_a_plain_row_of_numbers() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    numbers = sorted(revision.revision for revision in script.walk_revisions())
    assert len(script.get_heads()) == 1
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert newest_migration(MIGRATIONS) == script.get_current_head()


def test_a_folder_without_migrations_is_told(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "script.py.mako").touch()
    with pytest.raises(LookupError, match="there are no migrations"):
        newest_migration(tmp_path)


def test_every_file_begins_with_its_number() -> None:
    names = sorted(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))
    assert all(name[:4].isdecimal() and name[4] == "_" for name in names)


def test_an_upgrade_from_empty_makes_what_the_code_maps(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_stand_in_the_repository() -> None:
    assert Path(MIGRATIONS).joinpath("env.py").is_file()


def test_a_controller_of_the_version_before_has_the_policies_that_deny_most(
    app: Flask, seen: set[str]
) -> None:
    controller = make_controller(app, "okonect", Preset.FR_2026, Sector.GENERAL)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(delete(Base.metadata.tables["policy_versions"]))
    api = Api(app, make_key(app, controller), seen)
    assert "sector_closed" in api.codes("telephone", "+33612345678")
    set_policies(app, "okonect", "telephone.marketing.closed=no")
    assert "sector_closed" not in api.codes("telephone", "+33612345678")


def test_consents_of_the_version_before_are_found_by_their_dates(
    app: Flask, french_api: Api
) -> None:
    consented(french_api, "email", "jean.dupont@example.fr")
    with app.app_context():
        downgrade(revision=_before("index_consents_by_date"))
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, Base.metadata) == []
    assert states(french_api, "email", "jean.dupont@example.fr") == ["in_force"]
    french_api.stop("email", "jean.dupont@example.fr")
    assert french_api.decision("email", "jean.dupont@example.fr") == "deny"


def _before(name: str) -> str:
    """Return the number of the migration before the one with this name."""
    (path,) = (MIGRATIONS / "versions").glob(f"*_{name}.py")
    return f"{int(path.name[:4]) - 1:04}"
