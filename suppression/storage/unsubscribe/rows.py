"""SQL statements for confirmations, found by the hash of their code, and for reviews."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.retention import CONFIRMATIONS_KEPT_FOR
from suppression.domain.suppressions.model import RecordId, Review, Scope
from suppression.domain.unsubscribe.confirmations import Confirmation, CreatedRow
from suppression.domain.vocabulary import Channel, Purpose
from suppression.storage.engine.database import Transaction
from suppression.storage.unsubscribe.tables import DbConfirmation, DbReview


def add_confirmation(transaction: Transaction, confirmation: Confirmation) -> None:
    """Insert a confirmation; call this in the transaction of the changes that it confirms."""
    values = {
        "code_digest": confirmation.code_digest,
        "controller_number": confirmation.controller_number,
        "reference": confirmation.reference,
        "recorded_at": confirmation.recorded_at,
        "since": confirmation.since,
        "stopped": json.dumps([_scope_to_json(scope) for scope in confirmation.stopped]),
        "opened": json.dumps(confirmation.opened),
        "record_id": confirmation.created_rows.record_id if confirmation.created_rows else None,
        "fingerprint": confirmation.created_rows.primary if confirmation.created_rows else None,
    }
    transaction.execute(insert(DbConfirmation).values(values))


def find_confirmation(
    transaction: Transaction, code_digest: bytes, *, now: datetime
) -> Confirmation | None:
    """Return the confirmation with this code hash; None if missing, or 30 days old or older."""
    statement = select(DbConfirmation).where(
        DbConfirmation.code_digest == code_digest,
        DbConfirmation.recorded_at > now - CONFIRMATIONS_KEPT_FOR,
    )
    row = transaction.execute(statement).one_or_none()
    if row is None:
        return None
    return Confirmation(
        code_digest=row.code_digest,
        controller_number=row.controller_number,
        reference=row.reference,
        recorded_at=row.recorded_at,
        since=row.since,
        stopped=tuple(_scope_from_json(parts) for parts in json.loads(row.stopped)),
        opened=tuple(json.loads(row.opened)),
        created_rows=_created_row(row) if row.record_id else None,
        undone_at=row.undone_at,
    )


def mark_undone(transaction: Transaction, confirmation: Confirmation, *, now: datetime) -> None:
    """Record that the click of this confirmation was undone at `now`."""
    own_row = DbConfirmation.code_digest == confirmation.code_digest
    transaction.execute(update(DbConfirmation).where(own_row).values(undone_at=now))


def delete_confirmations_before_limit(
    transaction: Transaction, *, now: datetime, limit: int
) -> int:
    """Delete at most `limit` confirmations 30 days old or older; return how many were deleted."""
    code = DbConfirmation.code_digest
    old = (
        select(code).where(DbConfirmation.recorded_at <= now - CONFIRMATIONS_KEPT_FOR).limit(limit)
    )
    return transaction.execute(delete(DbConfirmation).where(code.in_(old))).rowcount


def add_review(transaction: Transaction, controller: Controller, review: Review) -> None:
    """Record that a user of the console should review a request, for the reason `review.why`."""
    transaction.execute(
        insert(DbReview).values(
            reference=review.reference,
            controller_number=controller.number,
            why=review.why,
            recorded_at=review.recorded_at,
        )
    )


def load_reviews(
    transaction: Transaction, controller: Controller, *, limit: int | None = None
) -> list[Review]:
    """Return a controller's requests to review, oldest first, at most `limit` (None: all)."""
    rows = transaction.execute(
        select(DbReview)
        .where(DbReview.controller_number == controller.number)
        .order_by(DbReview.recorded_at, DbReview.reference)
        .limit(limit)
    )
    return [
        Review(reference=row.reference, why=row.why, recorded_at=row.recorded_at) for row in rows
    ]


def delete_review(transaction: Transaction, controller: Controller, reference: str) -> bool:
    """Delete one of the requests that a controller has to review.

    Return False if it has none with this reference.
    """
    statement = delete(DbReview).where(
        DbReview.controller_number == controller.number, DbReview.reference == reference
    )
    return transaction.execute(statement).rowcount > 0


def _created_row(row: Row[Any]) -> CreatedRow:
    return CreatedRow(record_id=RecordId(row.record_id), primary=Fingerprint(row.fingerprint))


def _scope_to_json(scope: Scope) -> list[str | None]:
    return [scope.channel, scope.purpose, scope.topic]


def _scope_from_json(parts: list[str]) -> Scope:
    channel, purpose, topic = parts
    return Scope(
        channel=Channel(channel) if channel else None,
        purpose=Purpose(purpose) if purpose else None,
        topic=topic,
    )
