"""Alembic's environment, run by Flask-Migrate inside the application."""

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
    """Migrate the application's own database, in one transaction per migration."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # A migration may take longer than a request; it waits for a lock no longer than one.
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
    """Fail the release, not the start after it, when the keys are not those of the rows."""
    try:
        verify_start(current_app.extensions["suppression"])
    except KeyMismatchError as error:
        raise ClickException(error.detail) from None
    except PendingMigrationError:
        return  # asked for less than the newest migration


try:
    with translate_db_errors():
        migrate()
except DatabaseUnavailableError as error:
    raise ClickException(
        f"{error.for_operator} Nothing of the migration that was running is done."
    ) from None
