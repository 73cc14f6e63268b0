"""Release suppressions, and report which others still deny."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from suppression.domain.cases.deadlines import end_of_day
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import InvalidTransitionError
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import Scope, Suppression
from suppression.domain.suppressions.releases import (
    affected_scopes,
    describe_suppression,
    is_released,
    still_denies,
)
from suppression.domain.suppressions.scopes import RequestedScope, scopes_of
from suppression.domain.vocabulary import Reason, ReleaseWhy
from suppression.storage.engine.clocks import earlier_now
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.suppressions.rows import find_suppressions
from suppression.usecases.idempotency import StoredResponse, run_once
from suppression.usecases.ledger.append import new_reference
from suppression.usecases.releases.end_outlived_consents import end_outlived_consents
from suppression.usecases.releases.release_row import release_row


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseRequest:
    """The identifiers whose stops are to be released, as an entry point parsed them.

    `coverage` and `reasons` choose the stops; () as `reasons` chooses every reason except
    `objection`, `complaint`, `restriction`, `deceased` and `domain`.
    """

    subjects: tuple[Subject, ...]
    coverage: RequestedScope
    reasons: tuple[Reason, ...]
    why: ReleaseWhy
    seen: str | None = None
    """The digest (`describe_suppression`) of the rows that a page showed; None without a page."""
    informed_on: date | None = None
    """The day when the person was told of a restriction's end (GDPR Art. 18(3)); None: no check."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseRow:
    """A row that was released or still denies; `index` is its identifier's place in the request.

    `whole_address`: whether the row is that of a whole postal address.
    """

    index: int
    suppression: Suppression
    whole_address: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseAnswer:
    """The result of a release: its reference, the released rows, and the rows that still deny.

    `still_denied_by`: the rows in force that apply to the channels, purpose and topic named by the
    request; after a release of `restriction` or `deceased`, those that apply to marketing,
    profiling or sharing. On e-mail a newer consent may override one of them.
    """

    reference: str
    released: tuple[ReleaseRow, ...]
    still_denied_by: tuple[ReleaseRow, ...]


def release(
    controller: Controller,
    request: ReleaseRequest,
    render: Callable[[ReleaseAnswer], StoredResponse],
    *,
    actor: str,
    now: datetime,
    idempotency_key: IdempotencyKey | None = None,
) -> StoredResponse:
    """Release the rows of exactly the named channels, purpose and topic; return a rendered answer.

    A row of several people is released only if the request names all of them (`is_released`).
    Consents and agreed times that a released stop applies to count no more if they are no newer
    than the stop, or, if `request.why` is `reassigned`, no newer than the release. If it is
    `mistake`, the release changes nothing for them.

    Raises ChannelMismatchError or InvalidValueError for channels, purpose or topic that do not fit
    the identifiers or reasons; InvalidTransitionError, releasing nothing, if the rows differ from
    `request.seen`, or if a restriction was requested, or repeated, after `request.informed_on`; the
    errors of `run_once` for `idempotency_key`.
    """
    kinds = [subject.kind for subject in request.subjects]
    scopes = scopes_of(request.coverage, kinds, request.reasons)
    context = AuditContext(
        actor=actor,
        recorded_at=now,
        reference=new_reference(),
        why=request.why,
    )
    with writing() as transaction:
        return run_once(
            transaction,
            idempotency_key,
            lambda: _release_all(transaction, controller, request, scopes, context),
            render,
            now=now,
        )


def _release_all(
    transaction: Transaction,
    controller: Controller,
    request: ReleaseRequest,
    scopes: list[list[Scope]],
    context: AuditContext,
) -> ReleaseAnswer:
    fingerprints = {
        fingerprint for subject in request.subjects for fingerprint in subject.lookup_fingerprints
    }
    rows = find_suppressions(transaction, fingerprints, for_update=True)
    now = earlier_now(transaction, context.recorded_at)
    released: list[ReleaseRow] = []
    remaining: list[ReleaseRow] = []
    for index, (subject, subject_scopes) in enumerate(zip(request.subjects, scopes, strict=True)):
        for row in _of(subject, rows):
            shown = _shown(index, subject, row)
            asks = subject, subject_scopes, request.reasons
            if is_released(row, *asks, together=request.subjects, now=now):
                released.append(shown)
            elif still_denies(row, affected_scopes(subject, subject_scopes), now=now):
                remaining.append(shown)
    lifted = {row.suppression.record_id: row.suppression for row in released}
    if request.seen not in {None, describe_suppression(lifted.values())}:
        raise InvalidTransitionError("stops_changed")
    _require_informed(controller, request, lifted.values())
    for row in lifted.values():
        release_row(transaction, controller, row, context)
    end_outlived_consents(transaction, controller, request.subjects, list(lifted.values()), context)
    return ReleaseAnswer(
        reference=context.reference,
        released=tuple(released),
        still_denied_by=tuple(row for row in remaining if row.suppression.record_id not in lifted),
    )


def _require_informed(
    controller: Controller, request: ReleaseRequest, rows: Iterable[Suppression]
) -> None:
    """Raise InvalidTransitionError for a restriction requested or repeated after `informed_on`."""
    if request.informed_on is None:
        return
    told_by = end_of_day(request.informed_on, controller.country)
    if any(row.reason is Reason.RESTRICTION and row.last_occurred_at > told_by for row in rows):
        raise InvalidTransitionError("date")


def _of(subject: Subject, rows: list[Suppression]) -> list[Suppression]:
    fingerprints = set(subject.lookup_fingerprints)
    return [row for row in rows if not fingerprints.isdisjoint(row.forms)]


def _shown(index: int, subject: Subject, row: Suppression) -> ReleaseRow:
    return ReleaseRow(
        index=index, suppression=row, whole_address=row.primary in subject.whole_address
    )
