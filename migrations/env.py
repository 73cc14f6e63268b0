"""Alembic's environment, run by Flask-Migrate inside the application."""

from __future__ import annotations

from alembic import context
from flask import current_app

from suppression.storage.base import Base


def run_migrations() -> None:
    """Migrate the application's own database, in one transaction per migration."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
