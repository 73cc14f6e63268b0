"""Responses by Idempotency-Key, each stored in the transaction of the change it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, tuple_, update
from sqlalchemy.exc import OperationalError

from suppression.domain.errors import IdempotencyKeyBusyError
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.retention import RESPONSES_KEPT_FOR
from suppression.storage.engine.database import Transaction, insert_if_absent
from suppression.storage.ledger.idempotency_tables import DbIdempotentAnswer

_LOCK_NOT_AVAILABLE = "55P03"
_QUERY_CANCELED = "57014"


@dataclass(frozen=True, kw_only=True, slots=True)
class IdempotentResponse:
    """A stored response, when it was stored, and the keyed digest of its request's body."""

    body_digest: bytes
    status: int
    answer: str
    kept_at: datetime


def claim_or_find(
    transaction: Transaction, idempotency_key: IdempotencyKey, *, now: datetime
) -> IdempotentResponse | None:
    """Claim the key and return None, or return the response that is stored under it.

    A response under this key that is older than 48 hours is deleted first, and not returned. Wait
    for an earlier call with the key that is still running; raise IdempotencyKeyBusyError if it runs
    longer than PostgreSQL's lock or statement time-out.
    """
    values = {
        "api_key_number": idempotency_key.api_key_number,
        "claim": idempotency_key.key_digest,
        "body_digest": idempotency_key.body_digest,
        "created_at": now,
    }
    try:
        transaction.execute(
            delete(DbIdempotentAnswer).where(
                _is(idempotency_key),
                DbIdempotentAnswer.created_at < now - RESPONSES_KEPT_FOR,
            )
        )
        is_new = insert_if_absent(
            transaction, DbIdempotentAnswer, values, key=("api_key_number", "claim")
        )
    except OperationalError as error:
        if getattr(error.orig, "pgcode", "") in {_LOCK_NOT_AVAILABLE, _QUERY_CANCELED}:
            raise IdempotencyKeyBusyError from error
        raise
    if is_new:
        return None
    row = transaction.execute(select(DbIdempotentAnswer).where(_is(idempotency_key))).one()
    return IdempotentResponse(
        body_digest=row.body_digest, status=row.status, answer=row.answer, kept_at=row.created_at
    )


def delete_responses_before_limit(transaction: Transaction, *, now: datetime, limit: int) -> int:
    """Delete at most `limit` responses older than 48 hours; return how many were deleted."""
    key_columns = (DbIdempotentAnswer.api_key_number, DbIdempotentAnswer.claim)
    old = (
        select(*key_columns)
        .where(DbIdempotentAnswer.created_at < now - RESPONSES_KEPT_FOR)
        .limit(limit)
    )
    return transaction.execute(
        delete(DbIdempotentAnswer).where(tuple_(*key_columns).in_(old))
    ).rowcount


def store_response(
    transaction: Transaction,
    idempotency_key: IdempotencyKey,
    *,
    status: int,
    answer: str,
    now: datetime,
) -> None:
    """Store the response under a key that `claim_or_find` claimed in this transaction."""
    values = {"status": status, "answer": answer, "created_at": now}
    transaction.execute(update(DbIdempotentAnswer).where(_is(idempotency_key)).values(values))


def _is(idempotency_key: IdempotencyKey) -> ColumnElement[bool]:
    return and_(
        DbIdempotentAnswer.api_key_number == idempotency_key.api_key_number,
        DbIdempotentAnswer.claim == idempotency_key.key_digest,
    )
