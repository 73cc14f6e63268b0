"""The commands `flask db ...`, which are Flask-Migrate's, and the upgrade of `./run`.

Alembic takes a tenth of the time that a command takes to start, so only code that migrates imports
this module.
"""

from __future__ import annotations

from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import Migrate, upgrade
from flask_migrate.cli import db as commands_of_flask_migrate


def use_migrations(app: Flask) -> None:
    """Give an application the extension Flask-Migrate, for the folder in its setting MIGRATIONS."""
    Migrate(app, app.extensions["sqlalchemy"], directory=str(app.config["MIGRATIONS"]))


def upgrade_schema(app: Flask) -> None:
    """Run the pending migrations; call it in an application context.

    Raises ClickException if the database does not answer, if another process migrates it for ten
    minutes, or, after the migrations, if the keys are wrong.
    """
    use_migrations(app)
    upgrade()


class _Migrations(click.Group):
    """Flask-Migrate's group of commands; it sets up the extension before a command runs."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Set up the extension Flask-Migrate for the application, then run the command."""
        use_migrations(ctx.ensure_object(ScriptInfo).load_app())
        return super().invoke(ctx)


db = _Migrations(
    "db",
    commands=commands_of_flask_migrate.commands,
    params=commands_of_flask_migrate.params,
    callback=commands_of_flask_migrate.callback,
    help=commands_of_flask_migrate.help,
)
