"""Alembic's environment script, which Flask-Migrate runs inside the application."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from alembic import context, op
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script
from flask import current_app
from sqlalchemy import Connection, Function, func, select

from suppression import storage
from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeyMismatchError,
    OutdatedCodeError,
    PendingMigrationError,
)
from suppression.storage.engine.base import Base
from suppression.storage.engine.database import translate_db_errors
from suppression.storage.engine.deadlines import timed_connection
from suppression.storage.operations.readiness import (
    raise_oldest_code,
    save_oldest_code,
    schema_versions,
)
from suppression.usecases.operations.verify_start import verify_start
from suppression.usecases.services import Services

_LOCK = 0x5355_5050
"""The advisory lock of the database that a running migration holds; any number of our own."""
_PATIENCE_SECONDS = 600.0
_PAUSE_SECONDS = 0.5
_DESTINATION = "destination_rev"
"""The option of Alembic that commands have which change the schema or its recorded version."""


for _path in sorted(Path(storage.__path__[0]).glob("*/*tables.py")):
    import_module(f"suppression.storage.{_path.parent.name}.{_path.stem}")  # the metadata is whole


def migrate() -> None:
    """Run the migrations that Alembic was asked for on the application's database; verify the keys.

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
            on_version_apply=_save_oldest_code,
        )
        if _DESTINATION in context.get_context().opts:
            stack.enter_context(_alone(connection))
            if _is_newer(connection):
                return
        if connection.dialect.name == "postgresql":
            # A migration may run longer than a request, but it waits for a lock no longer.
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
            timed_connection(connection).usual_patience = None
            connection.commit()
        with context.begin_transaction():
            context.run_migrations()
    _look_at_keys()


def _save_oldest_code(
    ctx: MigrationContext,  # noqa: ARG001 - Alembic names what it gives
    step: MigrationInfo,
    heads: Collection[Any],  # noqa: ARG001 - as above
    run_args: Mapping[str, Any],  # noqa: ARG001 - as above
) -> None:
    """Store which code may run on the schema to which a migration, or its undoing, has led.

    It is stored in the migration's transaction. Before migration 0018 there is no table for it. No
    migration lowers the stored number, since rows may have raised it; only undoing one does.
    """
    store = raise_oldest_code if step.is_upgrade else save_oldest_code
    for revision in step.destination_revisions:
        if isinstance(revision, Script) and (code := getattr(revision.module, "oldest_code", "")):
            store(op.get_bind(), code)


def _is_newer(connection: Connection) -> bool:
    """Return whether newer code migrated the database, so that nothing is left to migrate.

    Raises ClickException if this code may not run on that schema, or was not asked for its newest.
    """
    services: Services = current_app.extensions["suppression"]
    newest, oldest_code = schema_versions(connection)
    connection.commit()
    if newest <= services.schema_head:
        return False
    if oldest_code > services.schema_head:
        raise click.ClickException(OutdatedCodeError.detail)
    if context.get_context().opts[_DESTINATION] not in {"head", "heads"}:
        raise click.ClickException(
            f"A newer version of the service migrated the database to {newest}; this version knows "
            f"migrations up to {services.schema_head}. Use the newer version to change the schema."
        )
    click.echo(
        f"The database is at {newest}, newer than {services.schema_head} of this version, which "
        "may run on it: nothing to migrate.",
        err=True,
    )
    return True


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Hold the lock for migrations during the block, so that only one process migrates at a time.

    Raises ClickException if another process holds the lock for ten minutes. On PostgreSQL it is an
    advisory lock; it is polled, because CREATE INDEX CONCURRENTLY in the other process would wait
    for a waiting statement. On SQLite it is a lock on the folder of the database's file.
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
    """Lock an open folder for this process and return True; False if another process holds it."""
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
    """Call a function of the database, commit, and return its result."""
    answer = connection.scalar(select(call))
    connection.commit()
    return bool(answer)


def _look_at_keys() -> None:
    """Raise ClickException if the configured keys are not those with which the rows were created.

    Register new signing and case keys. Verify nothing if the schema is older than the code needs.
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
