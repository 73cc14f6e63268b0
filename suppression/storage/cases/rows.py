"""SQL statements that insert, read, lock and update the cases of the DPO's register."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, insert, or_, select, update

from suppression.domain.cases.model import Case, IdentityProof
from suppression.domain.cases.vocabulary import (
    CameBy,
    CaseKind,
    CaseState,
    ProofMethod,
    RefusalGround,
)
from suppression.domain.controllers.model import Controller
from suppression.domain.suppressions.model import RecordId
from suppression.domain.vocabulary import Channel
from suppression.storage.cases.tables import DbCase, DbCaseStop
from suppression.storage.engine.database import Transaction, insert_if_absent

_UNCONVERTED_COLUMNS = (
    "reference",
    "kind",
    "state",
    "came_by",
    "received_on",
    "first_due_on",
    "due_on",
    "opened_at",
    "opened_by",
    "stopped",
    "extended_on",
    "answered_on",
    "recipients_told_on",
    "identity_asked_on",
    "lifted_on",
    "closed_at",
    "forgotten_at",
)
_CASES: Select[*tuple[Any, ...]] = select(
    DbCase,
    select(DbCaseStop.case_number)
    .where(DbCaseStop.case_number == DbCase.number)
    .exists()
    .label("stop_stored"),
)
_CLOSED = [state.value for state in CaseState if state.closed]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredCase:
    """A case as stored: its row number, the case, and its encrypted content, None once deleted."""

    number: int
    case: Case
    content: bytes | None = field(repr=False)


def add_case(
    transaction: Transaction, controller: Controller, case: Case, *, content: bytes
) -> StoredCase:
    """Insert a new case with its encrypted `content`; return it with its row number."""
    values = _columns(case) | {"controller_number": controller.number, "content": content}
    inserted = insert(DbCase).values(values).returning(DbCase.number)
    return StoredCase(number=transaction.execute(inserted).scalar_one(), case=case, content=content)


def find_case(
    transaction: Transaction, controller: Controller, reference: str, *, for_update: bool
) -> StoredCase | None:
    """Return a controller's case with this reference, locked if `for_update`; None if not found."""
    condition = (DbCase.controller_number == controller.number, DbCase.reference == reference)
    if for_update:
        # Lock first, then read: one statement for both may miss links that were added meanwhile.
        transaction.execute(select(DbCase.number).where(*condition).with_for_update())
    row = transaction.execute(_CASES.where(*condition)).one_or_none()
    return _stored(row) if row else None


def save_case(transaction: Transaction, number: int, case: Case) -> None:
    """Update the case with this row number, except its content; the caller holds the row lock."""
    transaction.execute(update(DbCase).where(DbCase.number == number).values(_columns(case)))


def save_content(transaction: Transaction, number: int, content: bytes) -> None:
    """Replace the content of the case with this row number by `content`, encrypted already.

    The content includes the case's personal data. The caller must hold the row lock.
    """
    transaction.execute(update(DbCase).where(DbCase.number == number).values(content=content))


def list_open_cases(transaction: Transaction, controller: Controller) -> list[Case]:
    """Return a controller's open cases, those with the earliest deadline first."""
    statement = _CASES.where(
        DbCase.controller_number == controller.number, DbCase.state.not_in(_CLOSED)
    ).order_by(DbCase.due_on, DbCase.number)
    return [_case(row) for row in transaction.execute(statement)]


def list_closed_cases(
    transaction: Transaction, controller: Controller, *, limit: int
) -> list[Case]:
    """Return at most `limit` of a controller's closed cases, the last closed first."""
    statement = (
        _CASES.where(DbCase.controller_number == controller.number, DbCase.state.in_(_CLOSED))
        .order_by(DbCase.closed_at.desc(), DbCase.number.desc())
        .limit(limit)
    )
    return [_case(row) for row in transaction.execute(statement)]


def find_open_cases_with_suppressions(
    transaction: Transaction,
    controller: Controller,
    kind: CaseKind,
    record_ids: Collection[RecordId],
    *,
    received_on: date,
) -> list[StoredCase]:
    """Lock and return the open cases of this kind that have any of these stops, oldest first.

    A case answered before `received_on` does not count: a person who writes after an answer is
    owed another answer.
    """
    statement = (
        _CASES.where(
            DbCase.controller_number == controller.number,
            DbCase.kind == kind,
            DbCase.state.not_in(_CLOSED),
            or_(DbCase.answered_on.is_(None), DbCase.answered_on >= received_on),
            DbCase.number.in_(
                select(DbCaseStop.case_number).where(DbCaseStop.record_id.in_(record_ids))
            ),
        )
        .order_by(DbCase.number)
        .with_for_update()
    )
    return [_stored(row) for row in transaction.execute(statement)]


def add_case_suppressions(
    transaction: Transaction, number: int, record_ids: Collection[RecordId]
) -> None:
    """Link the case with this row number to stops, by their record ids; older links are kept."""
    for record_id in record_ids:
        values = {"case_number": number, "record_id": record_id}
        insert_if_absent(transaction, DbCaseStop, values, key=("case_number", "record_id"))


def suppressions_of_case(transaction: Transaction, number: int) -> list[RecordId]:
    """Return the record ids of the stops that the case with this row number made or repeated."""
    statement = select(DbCaseStop.record_id).where(DbCaseStop.case_number == number)
    return [RecordId(record_id) for (record_id,) in transaction.execute(statement)]


def cases_with_suppressions(
    transaction: Transaction, controller: Controller, record_ids: Collection[RecordId]
) -> list[Case]:
    """Return a controller's cases, open or closed, that have any of these stops, oldest first."""
    numbers = select(DbCaseStop.case_number).where(DbCaseStop.record_id.in_(record_ids))
    statement = _CASES.where(
        DbCase.controller_number == controller.number, DbCase.number.in_(numbers)
    ).order_by(DbCase.number)
    return [_case(row) for row in transaction.execute(statement)]


def cases_to_purge(
    transaction: Transaction, controller: Controller, *, closed_before: datetime, limit: int
) -> list[StoredCase]:
    """Lock and return up to `limit` cases closed before `closed_before` that still have content."""
    statement = (
        _CASES.where(
            DbCase.controller_number == controller.number,
            DbCase.state.in_(_CLOSED),
            DbCase.closed_at < closed_before,
            DbCase.forgotten_at.is_(None),
        )
        .order_by(DbCase.number)
        .limit(limit)
        .with_for_update()
    )
    return [_stored(row) for row in transaction.execute(statement)]


def _stored(row: Row[Any]) -> StoredCase:
    return StoredCase(number=row.number, case=_case(row), content=row.content)


def _case(row: Row[Any]) -> Case:
    return Case(
        reference=row.reference,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        came_by=CameBy(row.came_by),
        received_on=row.received_on,
        first_due_on=row.first_due_on,
        due_on=row.due_on,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        wanted=tuple(map(Channel, row.wanted.split())),
        missing=tuple(map(Channel, row.missing.split())),
        stopped=row.stopped,
        stop_stored=row.stop_stored,
        extended_on=row.extended_on,
        answered_on=row.answered_on,
        recipients_told_on=row.recipients_told_on,
        identity_asked_on=row.identity_asked_on,
        identity=_proof(row),
        lifted_on=row.lifted_on,
        ground=RefusalGround(row.ground) if row.ground else None,
        closed_at=row.closed_at,
        forgotten_at=row.forgotten_at,
    )


def _proof(row: Row[Any]) -> IdentityProof | None:
    if not row.proof_method:
        return None
    return IdentityProof(
        method=ProofMethod(row.proof_method),
        seen_by=row.proof_seen_by,
        seen_on=row.proof_seen_on,
        destroyed_by=row.proof_destroyed_by,
        destroyed_on=row.proof_destroyed_on,
    )


def _columns(case: Case) -> dict[str, object]:
    proof = case.identity
    return {name: getattr(case, name) for name in _UNCONVERTED_COLUMNS} | {
        "wanted": " ".join(case.wanted),
        "missing": " ".join(case.missing),
        "ground": case.ground or "",
        "proof_method": proof.method if proof else "",
        "proof_seen_by": proof.seen_by if proof else "",
        "proof_seen_on": proof.seen_on if proof else None,
        "proof_destroyed_by": proof.destroyed_by if proof else "",
        "proof_destroyed_on": proof.destroyed_on if proof else None,
    }
