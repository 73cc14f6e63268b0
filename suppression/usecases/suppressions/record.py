"""Record stops for every entry point, with ledger entries.

They are stored in the caller's transaction, except by `try_insert_single`, which commits itself.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import DOMAIN_SCHEME
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry, suppression_entry
from suppression.domain.suppressions.model import (
    Outcome,
    RecordId,
    Scope,
    SuppressionChange,
    SuppressionRequest,
    merge_repeat,
    new_suppression,
)
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Evidence, Reason
from suppression.storage.controllers.rows import add_scheme
from suppression.storage.engine.clocks import AfterRows, entry_dates
from suppression.storage.engine.database import Transaction
from suppression.storage.engine.prepared_statements import Reader, last_resort_reader
from suppression.storage.ledger.rows import append_entries
from suppression.storage.operations.readiness import raise_oldest_code
from suppression.storage.suppressions.new_rows import (
    InsertedDates,
    insert_if_new,
    insert_row,
)
from suppression.storage.suppressions.rows import (
    lock_suppression,
    row_order,
    save_suppression,
)
from suppression.usecases.controllers.topics import check_topic
from suppression.usecases.ledger.append import new_id, new_salt
from suppression.usecases.suppressions.lock_for_stops import lock_for_stops

FIRST_WITH_DOMAINS = "0019"
"""The newest migration of the oldest code that looks up stops of mail domains."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StopRequest:
    """A stop for one or more identifiers, as an entry point parsed it.

    `whole_address`: whether it is for everybody at a postal address. `source` names the case that
    stores the stop, or is ''; `ref` is the caller's own reference.
    """

    subjects: tuple[Subject, ...]
    coverage: RequestedScope
    reason: Reason
    evidence: Evidence
    occurred_at: datetime | None = None
    """The time that the caller states. None means now, by the database's clock, or the newest date
    of a consent or agreed time that the stop must not precede, if that is later."""
    expires_at: datetime | None = None
    whole_address: bool = False
    source: str = ""
    ref: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StopResult:
    """The result of a stop for one row: one scope of one identifier.

    A stop on a whole address with two house numbers has a row and a result for each house. `index`
    is the identifier's place in the request; `since` is the row's earliest date. `whole_address`:
    whether the row is that of a whole postal address; `sandbox`: whether the identifier belongs to
    the sandbox, which stores nothing.
    """

    index: int
    scope: Scope
    outcome: Outcome
    record_id: RecordId
    since: datetime
    whole_address: bool
    sandbox: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StopAnswer:
    """The result of a stop request: its ledger reference and time, and a result per row."""

    reference: str
    recorded_at: datetime
    results: tuple[StopResult, ...]


def record_suppressions(
    transaction: Transaction,
    controller: Controller,
    request: StopRequest,
    scopes: list[list[Scope]],
    context: AuditContext,
) -> StopAnswer:
    """Store every stop of a request, with a ledger entry for each row that changes.

    `scopes` holds one list per identifier; their topics are not checked. Hash schemes that are new
    to the controller are added to it, so that checks use them. Stops of the sandbox are answered,
    not stored. The answer's results are in the order of the identifiers. The rows stay locked until
    the caller's transaction ends. Raises InvalidValueError for an unknown `request.coverage.topic`.
    """
    if request.coverage.topic:
        check_topic(transaction, controller, request.coverage.topic)
    stored_subjects = [subject for subject in request.subjects if not subject.sandbox]
    for scheme in {subject.scheme for subject in stored_subjects} - {"plain"}:
        add_scheme(transaction, controller, scheme)
        if scheme == DOMAIN_SCHEME:
            raise_oldest_code(transaction, FIRST_WITH_DOMAINS)
    work = suppression_requests(request, scopes, now=context.recorded_at)
    done: list[StopResult] = []
    entries: list[LedgerEntry] = []
    recorded_at = context.recorded_at
    if len(work) > 1:
        lock_for_stops(transaction, request.subjects, whole_address=request.whole_address)
    # Every request locks rows in this order, so that no two requests deadlock.
    for index, subject, stop in sorted(work, key=lambda planned: row_order(planned[2])):
        after = _after(controller, subject, request)
        applied = _apply(transaction, controller, subject, stop, context, after)
        recorded_at = applied.recorded_at
        done.append(_result(index, subject, stop, applied.change))
        if applied.entry:
            entries.append(applied.entry)
    append_entries(transaction, entries, controller=controller.number)
    done.sort(key=lambda stop_result: (stop_result.index, str(stop_result.scope.channel)))
    return StopAnswer(reference=context.reference, recorded_at=recorded_at, results=tuple(done))


def try_insert_single(
    controller: Controller,
    request: StopRequest,
    scopes: list[list[Scope]],
    context: AuditContext,
) -> StopAnswer | None:
    """Store and commit the stop of a request if it is a single plain new row; else return None.

    None means that the request needs several rows, has a topic, an identifier of the sandbox, or a
    digest in another scheme than `plain`, that its row exists already, or that no reader is
    available. Then nothing was written, unless the connection was lost after the write; the caller
    uses `record_suppressions`. The caller must have no transaction open.
    """
    work = suppression_requests(request, scopes, now=context.recorded_at)
    if len(work) != 1 or request.coverage.topic:
        return None
    index, subject, stop = work[0]
    if subject.sandbox or subject.scheme != "plain":
        return None
    fresh, entry = _new_record(stop, context)
    number, after = controller.number, _after(controller, subject, request)
    with last_resort_reader() as reader:
        if not isinstance(reader, Reader):
            return None
        dated = insert_if_new(reader, fresh.suppression, entry, controller=number, after=after)
    if dated is None:
        return None
    result = _result(index, subject, stop, _with_dates(fresh, dated))
    return StopAnswer(reference=context.reference, recorded_at=dated.recorded_at, results=(result,))


def suppression_requests(
    request: StopRequest, scopes: list[list[Scope]], *, now: datetime
) -> list[tuple[int, Subject, SuppressionRequest]]:
    """Return (index of the identifier, identifier, stop) for each row that a request needs.

    `scopes` holds one list per identifier. A stop without a date is dated `now` until the database
    dates it.
    """
    return [
        (
            index,
            subject,
            SuppressionRequest(
                forms=forms,
                scope=scope,
                reason=request.reason,
                evidence=request.evidence,
                occurred_at=now if request.occurred_at is None else request.occurred_at,
                expires_at=request.expires_at,
                source=request.source,
                canonicalisation=subject.canonicalisation,
            ),
        )
        for index, (subject, subject_scopes) in enumerate(
            zip(request.subjects, scopes, strict=True)
        )
        for forms in subject.stored_rows(whole_address=request.whole_address)
        for scope in subject_scopes
    ]


def _after(controller: Controller, subject: Subject, request: StopRequest) -> AfterRows | None:
    """Return whose consents and agreed times a stop without a date must not precede.

    Return None for a stop with a date.
    """
    if request.occurred_at is not None:
        return None
    return AfterRows(controller.number, subject.all_fingerprints)


class _Applied(NamedTuple):
    """The change that a stop made, its ledger entry if not yet written, and its recording time."""

    change: SuppressionChange
    entry: LedgerEntry | None
    recorded_at: datetime


def _apply(
    transaction: Transaction,
    controller: Controller,
    subject: Subject,
    stop: SuppressionRequest,
    context: AuditContext,
    after: AfterRows | None,
) -> _Applied:
    """Insert the stop's row, or merge the stop into the row that exists; neither for the sandbox.

    The entry of a new row is written here; that of a changed row is returned to be written.
    """
    fresh, entry = _new_record(stop, context)
    if subject.sandbox:
        return _Applied(fresh, None, context.recorded_at)
    number = controller.number
    dated = insert_row(transaction, fresh.suppression, entry, controller=number, after=after)
    if dated:
        return _Applied(_with_dates(fresh, dated), None, dated.recorded_at)
    row = lock_suppression(transaction, stop)
    arrived = entry_dates(transaction, record_id=row.record_id, after=after)
    by_both = min(context.recorded_at, arrived.now)  # what has ended has ended by both clocks
    context = arrived.date_for(context)
    if after:
        stop = dataclasses.replace(stop, occurred_at=arrived.stop_at)
    record_id, salt = fresh.suppression.record_id, fresh.suppression.salt
    change = merge_repeat(row, stop, now=by_both, record_id=record_id, salt=salt)
    if change.entry is None:
        return _Applied(change, None, context.recorded_at)
    save_suppression(transaction, change.suppression, before=row)
    return _Applied(change, _entry(change, stop, context), context.recorded_at)


def _with_dates(fresh: SuppressionChange, dated: InsertedDates) -> SuppressionChange:
    """Return the change of a new row, with the dates that the database gave to the row."""
    at = dated.occurred_at
    row = dataclasses.replace(fresh.suppression, occurred_at=at, last_occurred_at=at)
    return dataclasses.replace(fresh, suppression=row)


def _new_record(
    stop: SuppressionRequest, context: AuditContext
) -> tuple[SuppressionChange, LedgerEntry]:
    """Return the change that inserts a new row for a stop, and the change's ledger entry."""
    fresh = new_suppression(
        stop,
        record_id=RecordId(new_id()),
        salt=new_salt(),
    )
    return fresh, _entry(fresh, stop, context)


def _entry(
    change: SuppressionChange, stop: SuppressionRequest, context: AuditContext
) -> LedgerEntry:
    if change.entry is None:
        raise ValueError("this change records nothing")
    return suppression_entry(
        change.suppression,
        change.entry,
        context,
        entry_id=EntryId(new_id()),
        evidence=stop.evidence,
        occurred_at=stop.occurred_at,
    )


def _result(
    index: int, subject: Subject, stop: SuppressionRequest, change: SuppressionChange
) -> StopResult:
    return StopResult(
        index=index,
        scope=stop.scope,
        outcome=change.outcome,
        record_id=change.suppression.record_id,
        since=change.suppression.occurred_at,
        whole_address=stop.primary in subject.whole_address,
        sandbox=subject.sandbox is not None,
    )
