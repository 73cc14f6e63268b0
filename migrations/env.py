"""Alembic's environment script, which Flask-Migrate runs inside the application."""

from __future__ import annotations

from alembic import context
from click import ClickException
from flask import current_app

from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeyMismatchError,
    PendingMigrationError,
)
from suppression.storage.engine.base import Base
from suppression.storage.engine.database import translate_db_errors
from suppression.usecases.operations.verify_start import verify_start


def migrate() -> None:
    """Migrate the application's database, each migration in its own transaction; verify the keys.

    Raises ClickException if the keys are not those with which the rows were created.
    """
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # A migration may run longer than a request, but it waits for a lock no longer.
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    _look_at_keys()


def _look_at_keys() -> None:
    """Raise ClickException if the configured keys are not those with which the rows were created.

    So wrong keys make the release fail at its migration, before the first start.
    """
    try:
        verify_start(current_app.extensions["suppression"])
    except KeyMismatchError as error:
        raise ClickException(error.detail) from None
    except PendingMigrationError:
        return  # the command migrated to an older version than the newest


try:
    with translate_db_errors():
        migrate()
except DatabaseUnavailableError as error:
    raise ClickException(
        f"{error.for_operator} Nothing of the migration that was running is done."
    ) from None
