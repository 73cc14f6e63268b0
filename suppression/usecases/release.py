"""Lift suppressions, and say what still denies."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.controllers import Controller
from suppression.domain.errors import StepRefusedError
from suppression.domain.extents import Coverage, extents_of
from suppression.domain.fingerprints import Subject
from suppression.domain.idempotency import Claim
from suppression.domain.ledger import Deed
from suppression.domain.references import REFERENCE_BYTES, reference
from suppression.domain.releases import checked_extents, is_released, look_of, still_denies
from suppression.domain.suppressions import Extent, Suppression
from suppression.domain.vocabulary import Reason, ReleaseWhy
from suppression.storage.clocks import earlier_now
from suppression.storage.database import Transaction, writing
from suppression.storage.suppression_rows import suppressions_under
from suppression.usecases.answer_once import Rendered, answer_once
from suppression.usecases.end_outlived_consents import end_outlived
from suppression.usecases.lift import lift


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseRequest:
    """Whom and what to release, as a door understood it."""

    subjects: tuple[Subject, ...]
    coverage: Coverage
    reasons: tuple[Reason, ...]
    why: ReleaseWhy
    seen: str | None = None
    """How the rows to lift stood when somebody looked at them (`look_of`); None: nobody did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseRow:
    """A row that was released or still denies. `index` counts the request's identifiers."""

    index: int
    suppression: Suppression
    whole_address: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseAnswer:
    """What was lifted, and what still denies the same channels, purpose and topic."""

    reference: str
    released: tuple[ReleaseRow, ...]
    still_denied_by: tuple[ReleaseRow, ...]


def release(
    controller: Controller,
    request: ReleaseRequest,
    render: Callable[[ReleaseAnswer], Rendered],
    *,
    actor: str,
    now: datetime,
    claim: Claim | None = None,
) -> Rendered:
    """Release the rows of exactly the named extents; each leaves an entry in the ledger.

    StepRefusedError, and nothing is released, where they stand otherwise than they were `seen`.
    """
    kinds = [subject.kind for subject in request.subjects]
    extents = extents_of(request.coverage, kinds, request.reasons)
    deed = Deed(
        actor=actor,
        recorded_at=now,
        reference=reference(secrets.token_bytes(REFERENCE_BYTES)),
        why=request.why,
    )
    with writing() as transaction:
        return answer_once(
            transaction,
            claim,
            lambda: _release_all(transaction, controller, request, extents, deed),
            render,
            now=now,
        )


def _release_all(
    transaction: Transaction,
    controller: Controller,
    request: ReleaseRequest,
    extents: list[list[Extent]],
    deed: Deed,
) -> ReleaseAnswer:
    asked = {one for subject in request.subjects for one in subject.asked}
    named = frozenset(one for subject in request.subjects for one in subject.own)
    rows = suppressions_under(transaction, asked, for_update=True)
    now = earlier_now(transaction, deed.recorded_at)
    released: list[ReleaseRow] = []
    remaining: list[ReleaseRow] = []
    for index, (subject, wanted) in enumerate(zip(request.subjects, extents, strict=True)):
        for row in _of(subject, rows):
            shown = _shown(index, subject, row)
            if is_released(row, subject, wanted, request.reasons, named=named, now=now):
                released.append(shown)
            elif still_denies(row, checked_extents(subject, wanted), now=now):
                remaining.append(shown)
    lifted = {one.suppression.record_id: one.suppression for one in released}
    if request.seen not in {None, look_of(lifted.values())}:
        raise StepRefusedError("stops_changed")
    for row in lifted.values():
        lift(transaction, controller, row, deed)
    end_outlived(transaction, controller, request.subjects, list(lifted.values()), deed)
    return ReleaseAnswer(
        reference=deed.reference,
        released=tuple(released),
        still_denied_by=tuple(one for one in remaining if one.suppression.record_id not in lifted),
    )


def _of(subject: Subject, rows: list[Suppression]) -> list[Suppression]:
    asked = set(subject.asked)
    return [row for row in rows if not asked.isdisjoint(row.forms)]


def _shown(index: int, subject: Subject, row: Suppression) -> ReleaseRow:
    return ReleaseRow(
        index=index, suppression=row, whole_address=row.primary in subject.whole_address
    )
