"""Apply and undo imports batch by batch; if a process dies, another process resumes its import.

A batch is one transaction that locks the import: two processes on the same import take turns, and
the progress is committed together with the batch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from suppression.domain.errors import SuppressionError
from suppression.domain.imports.model import Import, ImportChange, ImportState, UploadEnd
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry, suppression_entry
from suppression.domain.suppressions.model import (
    RecordId,
    Suppression,
    SuppressionRequest,
    merge_repeat,
)
from suppression.domain.vocabulary import EntryType, Evidence, ReleaseWhy
from suppression.storage.engine.clocks import earlier_now
from suppression.storage.engine.database import Transaction, reading, writing
from suppression.storage.imports.apply import (
    Key,
    apply_staged,
    key_after,
    release_range,
)
from suppression.storage.imports.rows import (
    list_imports_in_states,
    list_imports_to_clear,
    lock_import,
    save_cleared,
    save_counts,
    save_given_up,
    save_state,
)
from suppression.storage.imports.staging import clear_faults, clear_staged, extend_timeouts
from suppression.storage.ledger.rows import append_entries
from suppression.storage.suppressions.rows import lock_rows_of_source, save_suppression
from suppression.usecases.ledger.append import (
    after_last_entry,
    dated_by_database,
    new_id,
    new_salt,
    record_audit_event,
)

BATCH = 5_000
"""The maximum number of stops applied, or suppressions searched by an undo, in one transaction."""
CLEARED_AT_ONCE = 20_000
GIVEN_UP_AFTER = timedelta(hours=1)
"""An upload without a new batch for this long is ended: its process is taken to be gone."""

_WORKER = "worker"
_AT_WORK = frozenset({ImportState.APPLYING, ImportState.UNDOING})

Clock = Callable[[], datetime]
Place = Key | None
"""The last key of the suppression list that an undo has searched; None at the start and the end."""
Progress = Callable[[Import], None]


def pending_imports() -> list[Import]:
    """Return the imports of all controllers that are being applied or undone, oldest first."""
    with reading() as transaction:
        return list_imports_in_states(transaction, _AT_WORK)


def next_of_each_controller(*, without: Callable[[Import], bool]) -> list[Import]:
    """Return each controller's oldest pending import for which `without` returns False."""
    oldest: dict[int, Import] = {}
    for import_ in pending_imports():
        if not without(import_):
            oldest.setdefault(import_.controller_number, import_)
    return list(oldest.values())


def run_import(import_: Import, clock: Clock, progress: Progress = lambda _: None) -> Import:
    """Apply or undo an import to its end; return the import in its final state.

    An import that is neither being applied nor undone is returned unchanged. `progress` is called
    with the import after each batch. Raises ImportStateError if staged rows are missing.
    """
    place: Place = None
    while import_.state in _AT_WORK:
        import_, place = run_batch(import_, place, now=clock())
        progress(import_)
    return import_


def run_batch(import_: Import, after: Place, *, now: datetime) -> tuple[Import, Place]:
    """Apply or undo the next batch of an import; return the import and where its undo continues.

    `after` is the place that the previous call returned; pass None at the first call. Raises
    ImportStateError if staged rows are missing.
    """
    if import_.state is ImportState.APPLYING:
        return apply_batch(import_, now=now), None
    return undo_batch(import_, after, now=now)


def apply_batch(import_: Import, *, now: datetime) -> Import:
    """Store the next batch of an import's stops, with ledger entries; return the changed import.

    The last batch also sets the state APPLIED. An import that is not being applied is returned
    unchanged. Raises ImportStateError if staged rows are missing.
    """
    with writing() as transaction:
        extend_timeouts(transaction)
        import_ = lock_import(transaction, import_.number)
        if import_.state is not ImportState.APPLYING:
            return import_
        done = import_.counts.applied
        upto = min(done + BATCH, import_.counts.stops)
        context = dated_by_database(transaction, _context(import_, now))
        again = apply_staged(transaction, import_, context, after=done, upto=upto)
        if again:
            _join(transaction, import_, again, context, now=min(now, context.recorded_at))
        counts = dataclasses.replace(import_.counts, applied=upto)
        save_counts(transaction, import_, counts, now=now)
        if upto == counts.stops:
            save_state(transaction, import_, ImportState.APPLIED, actor=import_.actor, now=now)
        return lock_import(transaction, import_.number)


def end_as_failed(import_: Import, *, now: datetime) -> Import:
    """Record that applying an import was given up, with a ledger entry; return the changed import.

    The stops applied so far stay in force. An import that is not being applied, or has changed
    since `import_` was read, is returned unchanged: another process goes on with it.
    """
    with writing() as transaction:
        read_at, import_ = import_.changed_at, lock_import(transaction, import_.number)
        if import_.state is not ImportState.APPLYING or import_.changed_at != read_at:
            return import_
        save_state(transaction, import_, ImportState.FAILED, actor=import_.actor, now=now)
        context = AuditContext(
            actor=_WORKER, recorded_at=now, reference=import_.import_id, ref=ImportChange.FAILED
        )
        record_audit_event(
            transaction,
            EntryType.IMPORT_CHANGED,
            context,
            controllers=[import_.controller_number],
        )
        return lock_import(transaction, import_.number)


def undo_batch(import_: Import, after: Place, *, now: datetime) -> tuple[Import, Place]:
    """Release the import's rows in the next range of the suppression list, with ledger entries.

    Return the import and the key after which to continue; the key is None once all is undone and
    the state is UNDONE. An import that is not being undone is returned unchanged, with None.
    """
    with writing() as transaction:
        extend_timeouts(transaction)
        import_ = lock_import(transaction, import_.number)
        if import_.state is not ImportState.UNDOING:
            return import_, None
        place = key_after(transaction, after, limit=BATCH)
        context = dated_by_database(transaction, _context(import_, now, ReleaseWhy.MISTAKE))
        released = release_range(transaction, import_, context, after=after, upto=place)
        counts = dataclasses.replace(import_.counts, released=import_.counts.released + released)
        save_counts(transaction, import_, counts, now=now)
        if place is None:
            save_state(transaction, import_, ImportState.UNDONE, actor=import_.actor, now=now)
        return lock_import(transaction, import_.number), place


def clear_imports(*, now: datetime) -> None:
    """End uploads that were interrupted, and delete the staged rows that no import needs any more.

    An upload without a new batch for an hour counts as interrupted, by the earlier of `now` and the
    database's time: a fast machine ends no upload that another one is receiving. An import that
    cannot be cleared does not prevent others; the first SuppressionError is raised at the end.
    """
    with reading() as transaction:
        now = earlier_now(transaction, now)
        given_up = list_imports_in_states(
            transaction, {ImportState.STAGING}, before=now - GIVEN_UP_AFTER
        )
        waiting = list_imports_to_clear(transaction)
    failures: list[SuppressionError] = []
    pieces = [partial(_give_up, import_, now) for import_ in given_up]
    pieces += [partial(_clear, import_) for import_ in waiting]
    for piece in pieces:
        try:
            piece()
        except SuppressionError as error:
            failures.append(error)
    if failures:
        raise failures[0]


def _give_up(import_: Import, now: datetime) -> None:
    """End an upload and delete its rows, unless it has ended or had a batch within the hour."""
    with writing() as transaction:
        import_ = lock_import(transaction, import_.number)
        if import_.state is not ImportState.STAGING or import_.changed_at >= now - GIVEN_UP_AFTER:
            return
        save_given_up(transaction, import_, UploadEnd.INTERRUPTED, now=now)
        import_ = lock_import(transaction, import_.number)
    _clear(import_)


def _clear(import_: Import) -> None:
    empty = False
    while not empty:
        with writing() as transaction:
            extend_timeouts(transaction)
            empty = clear_staged(transaction, import_, limit=CLEARED_AT_ONCE)
            if empty and import_.state is ImportState.DISCARDED:
                empty = clear_faults(transaction, import_, limit=CLEARED_AT_ONCE)
            if empty:
                save_cleared(transaction, import_)


def _context(import_: Import, now: datetime, why: ReleaseWhy | None = None) -> AuditContext:
    """Return the audit context of an import's ledger entries: their reference is its id."""
    return AuditContext(actor=import_.actor, recorded_at=now, reference=import_.import_id, why=why)


def _join(
    transaction: Transaction,
    import_: Import,
    stops: list[SuppressionRequest],
    context: AuditContext,
    *,
    now: datetime,
) -> None:
    """Merge stops into rows that this import stored before: the file has them more than once.

    `now` is the earlier of the machine's and the database's time.
    """
    rows = {
        (row.primary, row.scope, row.reason): row
        for row in lock_rows_of_source(
            transaction, import_.import_id, {request.primary for request in stops}
        )
    }
    for stop in stops:
        row = rows[stop.primary, stop.scope, stop.reason]
        change = merge_repeat(row, stop, now=now, record_id=RecordId(new_id()), salt=new_salt())
        if change.entry is None:
            continue
        save_suppression(transaction, change.suppression, before=row)
        rows[stop.primary, stop.scope, stop.reason] = change.suppression
        entry = _entry(
            change.suppression,
            change.entry,
            after_last_entry(transaction, row, context),
            stop.occurred_at,
        )
        append_entries(transaction, [entry], controller=import_.controller_number)


def _entry(
    row: Suppression, entry_type: EntryType, context: AuditContext, occurred_at: datetime
) -> LedgerEntry:
    return suppression_entry(
        row,
        entry_type,
        context,
        entry_id=EntryId(new_id()),
        evidence=Evidence.IMPORT,
        occurred_at=occurred_at,
    )
