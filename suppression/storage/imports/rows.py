"""SQL statements that insert imports, find them, and store their counts and states."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import ConflictError
from suppression.domain.imports.model import Import, ImportCounts, ImportState, RowFault, UploadEnd
from suppression.storage.engine.database import Transaction
from suppression.storage.imports.tables import DbImport, DbImportFault

_COUNTS = {
    "rows": "rows",
    "new": "new_rows",
    "known": "known_rows",
    "invalid": "invalid_rows",
    "stops": "stops",
    "applied": "position",
    "released": "released",
}


def add_import(  # noqa: PLR0913 - each is one column
    transaction: Transaction,
    controller: Controller,
    import_id: str,
    *,
    columns: Sequence[str],
    terms_digest: bytes,
    actor: str,
    now: datetime,
) -> Import:
    """Insert an import that has no rows yet, and return it.

    `columns` has our name of each column of the file, '' for an unused one. `terms_digest` is the
    keyed digest of the upload's options.
    """
    values = dict.fromkeys(_COUNTS.values(), 0) | {
        "import_id": import_id,
        "controller_number": controller.number,
        "state": ImportState.STAGING,
        "actor": actor,
        "created_at": now,
        "changed_at": now,
        "terms_digest": terms_digest,
        "columns": ",".join(columns),
        "schemes": "",
        "kept": 1,
    }
    statement = insert(DbImport).values(values).returning(DbImport)
    return _import(transaction.execute(statement).one())


def load_import(
    transaction: Transaction, controller: Controller, import_id: str, *, for_update: bool = False
) -> Import | None:
    """Return the controller's import with this id, locked if `for_update`; None if not found."""
    statement = select(DbImport).where(
        DbImport.controller_number == controller.number, DbImport.import_id == import_id
    )
    row = transaction.execute(
        statement.with_for_update() if for_update else statement
    ).one_or_none()
    return _import(row) if row else None


def lock_import(transaction: Transaction, number: int) -> Import:
    """Lock the import with this number, which must exist, until the transaction ends; return it."""
    statement = select(DbImport).where(DbImport.number == number).with_for_update()
    return _import(transaction.execute(statement).one())


def find_import_of_bytes(
    transaction: Transaction, controller: Controller, digest: bytes
) -> Import | None:
    """Return the controller's import that holds this keyed digest of a file; None without one.

    The import is staged, applying or applied. An import that is applied again after it failed holds
    no digest, and is not found.
    """
    statement = select(DbImport).where(
        DbImport.controller_number == controller.number, DbImport.digest == digest
    )
    row = transaction.execute(statement).one_or_none()
    return _import(row) if row else None


def load_imports(transaction: Transaction, controller: Controller, *, limit: int) -> list[Import]:
    """Return at most `limit` imports of a controller, newest first, without `UNNEEDED` uploads."""
    was_needed = DbImport.upload_end.is_distinct_from(UploadEnd.UNNEEDED)
    statement = (
        select(DbImport)
        .where(DbImport.controller_number == controller.number, was_needed)
        .order_by(DbImport.number.desc())
        .limit(limit)
    )
    return [_import(row) for row in transaction.execute(statement)]


def list_imports_in_states(
    transaction: Transaction, states: Collection[ImportState], *, before: datetime | None = None
) -> list[Import]:
    """Return the imports of all controllers in these states, oldest first.

    With `before`, return only those last changed before that instant.
    """
    statement = select(DbImport).where(DbImport.state.in_(states)).order_by(DbImport.number)
    if before is not None:
        statement = statement.where(DbImport.changed_at < before)
    return [_import(row) for row in transaction.execute(statement)]


def list_imports_to_clear(transaction: Transaction) -> list[Import]:
    """Return all controllers' applied, discarded or undone imports that may have staged rows."""
    done = (ImportState.APPLIED, ImportState.DISCARDED, ImportState.UNDONE)
    statement = select(DbImport).where(DbImport.state.in_(done), DbImport.kept == 1)
    return [_import(row) for row in transaction.execute(statement.order_by(DbImport.number))]


def stops_applied(transaction: Transaction) -> int:
    """Return how many stops the imports of all controllers have applied, even if undone since."""
    total = transaction.execute(select(func.sum(DbImport.position))).scalar_one()
    return int(total or 0)


def save_counts(
    transaction: Transaction, import_: Import, counts: ImportCounts, *, now: datetime
) -> None:
    """Store the counts of an import, and `now` as the time of its last change."""
    values: dict[str, Any] = {column: getattr(counts, name) for name, column in _COUNTS.items()} | {
        "changed_at": now
    }
    transaction.execute(update(DbImport).where(DbImport.number == import_.number).values(values))


def save_state(
    transaction: Transaction, import_: Import, state: ImportState, *, actor: str, now: datetime
) -> None:
    """Store an import's new state, with the actor and time of the change.

    A discarded, failed or undone import, or one being undone, gives up its digest: its file may be
    uploaded again.
    """
    values: dict[str, Any] = {"state": state, "actor": actor, "changed_at": now}
    if state.over or state in {ImportState.UNDOING, ImportState.FAILED}:
        values["digest"] = None
    transaction.execute(update(DbImport).where(DbImport.number == import_.number).values(values))


def save_given_up(
    transaction: Transaction, import_: Import, why: UploadEnd, *, now: datetime
) -> None:
    """Mark an upload that never became an import as discarded, with the reason `why`."""
    save_state(transaction, import_, ImportState.DISCARDED, actor=import_.actor, now=now)
    transaction.execute(
        update(DbImport).where(DbImport.number == import_.number).values(upload_end=why)
    )


def save_staged(
    transaction: Transaction,
    import_: Import,
    *,
    digest: bytes,
    schemes: Collection[str],
    now: datetime,
) -> None:
    """Store that staging is done, with the keyed `digest` of the file and its `schemes`.

    Raise ConflictError if the controller has another import with this digest that is staged,
    applying or applied.
    """
    values = {
        "state": ImportState.STAGED,
        "digest": digest,
        "schemes": " ".join(sorted(schemes)),
        "changed_at": now,
    }
    try:
        transaction.execute(
            update(DbImport).where(DbImport.number == import_.number).values(values)
        )
    except IntegrityError:
        raise ConflictError from None


def save_cleared(transaction: Transaction, import_: Import) -> None:
    """Record that an import has no rows left to clear (`list_imports_to_clear`).

    An import is never deleted: SQLite would give its number, and any rows left, to the next one.
    """
    transaction.execute(update(DbImport).where(DbImport.number == import_.number).values(kept=0))


def list_faults(
    transaction: Transaction, import_: Import, *, after: int, limit: int
) -> list[RowFault]:
    """Return at most `limit` invalid rows of an import after row `after`, in the file's order."""
    statement = (
        select(DbImportFault)
        .where(DbImportFault.import_number == import_.number, DbImportFault.file_row > after)
        .order_by(DbImportFault.file_row)
        .limit(limit)
    )
    return [
        RowFault(row.file_row, row.column_name, row.reason, row.change)
        for row in transaction.execute(statement)
    ]


def _import(row: Row[Any]) -> Import:
    return Import(
        number=row.number,
        import_id=row.import_id,
        controller_number=row.controller_number,
        state=row.state,
        actor=row.actor,
        created_at=row.created_at,
        changed_at=row.changed_at,
        counts=ImportCounts(**{name: getattr(row, column) for name, column in _COUNTS.items()}),
        columns=tuple(row.columns.split(",")),
        schemes=tuple(row.schemes.split()),
        terms_digest=row.terms_digest,
        interrupted=row.upload_end is UploadEnd.INTERRUPTED,
    )
