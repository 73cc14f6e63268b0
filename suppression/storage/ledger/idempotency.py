"""Answers kept for Idempotency-Key, written in the transaction of what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, tuple_, update
from sqlalchemy.exc import OperationalError

from suppression.domain.errors import IdempotencyKeyBusyError
from suppression.domain.idempotency import IdempotencyKey
from suppression.storage.engine.database import Transaction, insert_if_absent
from suppression.storage.ledger.idempotency_tables import DbIdempotentAnswer

KEPT_FOR = timedelta(hours=48)
_LOCK_NOT_AVAILABLE = "55P03"
_QUERY_CANCELED = "57014"


@dataclass(frozen=True, kw_only=True, slots=True)
class IdempotentResponse:
    """An answer that was committed, since when it is kept, and the digest of what it answered."""

    body_digest: bytes
    status: int
    answer: str
    kept_at: datetime


def claim_or_find(
    transaction: Transaction, claim: IdempotencyKey, *, now: datetime
) -> IdempotentResponse | None:
    """Take the key, or give the answer that stands under it.

    An answer older than 48 hours is forgotten. Waits for a first call that still
    runs, at most the statement time-out; then IdempotencyKeyBusyError.
    """
    values = {
        "api_key_number": claim.api_key_number,
        "claim": claim.claim,
        "body_digest": claim.body_digest,
        "created_at": now,
    }
    try:
        transaction.execute(
            delete(DbIdempotentAnswer).where(
                _is(claim), DbIdempotentAnswer.created_at < now - KEPT_FOR
            )
        )
        fresh = insert_if_absent(
            transaction, DbIdempotentAnswer, values, key=("api_key_number", "claim")
        )
    except OperationalError as error:
        if getattr(error.orig, "pgcode", "") in {_LOCK_NOT_AVAILABLE, _QUERY_CANCELED}:
            raise IdempotencyKeyBusyError from error
        raise
    if fresh:
        return None
    row = transaction.execute(select(DbIdempotentAnswer).where(_is(claim))).one()
    return IdempotentResponse(
        body_digest=row.body_digest, status=row.status, answer=row.answer, kept_at=row.created_at
    )


def delete_responses_before_limit(transaction: Transaction, *, now: datetime, most: int) -> int:
    """Delete answers older than 48 hours, at most so many; how many there were."""
    mine = (DbIdempotentAnswer.api_key_number, DbIdempotentAnswer.claim)
    old = select(*mine).where(DbIdempotentAnswer.created_at < now - KEPT_FOR).limit(most)
    return transaction.execute(delete(DbIdempotentAnswer).where(tuple_(*mine).in_(old))).rowcount


def store_response(
    transaction: Transaction, claim: IdempotencyKey, *, status: int, answer: str, now: datetime
) -> None:
    """Write the answer under a key that this transaction has claimed."""
    values = {"status": status, "answer": answer, "created_at": now}
    transaction.execute(update(DbIdempotentAnswer).where(_is(claim)).values(values))


def _is(claim: IdempotencyKey) -> ColumnElement[bool]:
    return and_(
        DbIdempotentAnswer.api_key_number == claim.api_key_number,
        DbIdempotentAnswer.claim == claim.claim,
    )
