"""Show and discard imports, and mark them to be applied or undone, which the worker then does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import NotFoundError
from suppression.domain.imports.model import (
    Import,
    ImportAction,
    ImportChange,
    ImportState,
    RowFault,
    state_after,
)
from suppression.domain.ledger.entries import AuditContext, is_reference
from suppression.domain.vocabulary import EntryType
from suppression.storage.controllers.rows import add_scheme
from suppression.storage.engine.database import reading, writing
from suppression.storage.imports.rows import (
    list_faults,
    load_import,
    load_imports,
    save_state,
)
from suppression.usecases.ledger.append import record_audit_event

_MOST_SHOWN = 200
_FAULTS_AT_ONCE = 5_000
_UNKNOWN = "There is no import of this id; it may be another controller's."


def find_import(controller: Controller, import_id: str) -> Import:
    """Return the controller's import with this id. Raises NotFoundError for an unknown id."""
    if not is_reference(import_id):
        raise NotFoundError(_UNKNOWN)
    with reading() as transaction:
        import_ = load_import(transaction, controller, import_id)
    if import_ is None:
        raise NotFoundError(_UNKNOWN)
    return import_


def list_imports(controller: Controller) -> list[Import]:
    """Return the imports of a controller, newest first, at most 200.

    Uploads that were refused, or whose bytes were an import already, are left out.
    """
    with reading() as transaction:
        return load_imports(transaction, controller, limit=_MOST_SHOWN)


def change_import(
    controller: Controller, import_id: str, action: ImportAction, *, actor: str, now: datetime
) -> tuple[Import, bool]:
    """Mark an import to be applied or undone, or as discarded, with a ledger entry.

    Return the import with its new state, and whether the state changed: an action that was taken
    before changes nothing. An apply also adds the file's partner schemes to the controller. Raises
    NotFoundError if there is no such import or its file is still being uploaded, ImportStateError
    if its state does not allow the action.
    """
    if not is_reference(import_id):
        raise NotFoundError(_UNKNOWN)
    with writing() as transaction:
        import_ = load_import(transaction, controller, import_id, for_update=True)
        if import_ is None or import_.state is ImportState.STAGING:
            raise NotFoundError(_UNKNOWN)
        state = state_after(import_.state, action)
        if state is import_.state:
            return import_, False
        if state is ImportState.APPLYING:
            # Committed before the first row: checks must use a scheme before a row needs it.
            for scheme in import_.schemes:
                add_scheme(transaction, controller, scheme)
        save_state(transaction, import_, state, actor=actor, now=now)
        context = AuditContext(
            actor=actor, recorded_at=now, reference=import_id, ref=ImportChange(action)
        )
        record_audit_event(
            transaction, EntryType.IMPORT_CHANGED, context, controllers=[controller.number]
        )
    return dataclasses.replace(import_, state=state, actor=actor, changed_at=now), True


def import_faults(import_: Import) -> Iterator[RowFault]:
    """Yield the fault of every invalid row of an import, one per row, in file order.

    The faults are read in batches; no transaction is open while the caller uses them. A discarded
    import yields only what `clear_imports` has not deleted yet.
    """
    after = 0
    while True:
        with reading() as transaction:
            faults = list_faults(transaction, import_, after=after, limit=_FAULTS_AT_ONCE)
        yield from faults
        if len(faults) < _FAULTS_AT_ONCE:
            return
        after = faults[-1].row
