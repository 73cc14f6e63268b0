"""Alembic's environment script, which Flask-Migrate runs inside the application."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path

import click
from alembic import context
from flask import current_app
from sqlalchemy import Connection, Function, func, select

from suppression import storage
from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeyMismatchError,
    PendingMigrationError,
)
from suppression.storage.engine.base import Base
from suppression.storage.engine.database import translate_db_errors
from suppression.usecases.operations.verify_start import verify_start

_LOCK = 0x5355_5050
"""The advisory lock of the database that a running migration holds; any number of our own."""
_PATIENCE_SECONDS = 600.0
_PAUSE_SECONDS = 0.5
_DESTINATION = "destination_rev"
"""The option of Alembic that commands have which change the schema or its recorded version."""


for _path in sorted(Path(storage.__path__[0]).glob("*/*tables.py")):
    import_module(f"suppression.storage.{_path.parent.name}.{_path.stem}")  # the metadata is whole


def migrate() -> None:
    """Migrate the application's database, each migration in its own transaction; verify the keys.

    Raises ClickException if the keys are not those with which the rows were created, or if another
    process has been migrating for ten minutes. A command that only looks, such as `flask db
    current`, waits for nobody.
    """
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, ExitStack() as stack:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        if _DESTINATION in context.get_context().opts:
            stack.enter_context(_alone(connection))
        if connection.dialect.name == "postgresql":
            # A migration may run longer than a request, but it waits for a lock no longer.
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
            connection.commit()
        with context.begin_transaction():
            context.run_migrations()
    _look_at_keys()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Let no other process migrate during the block. Raises ClickException after ten minutes.

    The lock is asked for again and again: on PostgreSQL, CREATE INDEX CONCURRENTLY of the migration
    that is running would wait for a statement that waits. On SQLite it is a lock of the file's
    folder: SQLite's own ends with each migration, and Alembic reads the version before it begins.
    """
    with ExitStack() as stack:
        if connection.dialect.name == "postgresql":
            _wait_until(lambda: _answer(connection, func.pg_try_advisory_lock(_LOCK)))
            stack.callback(_unlock, connection)
        elif file := connection.engine.url.database:
            descriptor = os.open(Path(file).parent, os.O_RDONLY)
            stack.callback(os.close, descriptor)
            _wait_until(lambda: _is_locked(descriptor))
        yield


def _wait_until(is_alone: Callable[[], bool]) -> None:
    ends, told = time.monotonic() + _PATIENCE_SECONDS, False
    while not is_alone():
        if not told:
            click.echo("Another process is migrating the database; waiting for it.", err=True)
            told = True
        if time.monotonic() > ends:
            raise click.ClickException(
                "Another process has been migrating the database for ten minutes. Look for it, and "
                "start again when it has ended."
            )
        time.sleep(_PAUSE_SECONDS)


def _is_locked(descriptor: int) -> bool:
    """Lock an open folder for this process; return False while another process has locked it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unlock(connection: Connection) -> None:
    if not connection.invalidated:
        connection.rollback()
        _answer(connection, func.pg_advisory_unlock(_LOCK))


def _answer(connection: Connection, call: Function[bool]) -> bool:
    """Return what a function of the database answers, in a transaction of its own."""
    answer = connection.scalar(select(call))
    connection.commit()
    return bool(answer)


def _look_at_keys() -> None:
    """Raise ClickException if the configured keys are not those with which the rows were created.

    So wrong keys make the release fail at its migration, before the first start.
    """
    try:
        verify_start(current_app.extensions["suppression"])
    except KeyMismatchError as error:
        raise click.ClickException(error.detail) from None
    except PendingMigrationError:
        return  # the command migrated to an older version than the newest


try:
    with translate_db_errors():
        migrate()
except DatabaseUnavailableError as error:
    raise click.ClickException(
        f"{error.for_operator} Nothing of the migration that was running is done."
    ) from None
