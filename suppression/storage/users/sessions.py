"""SQL statements for console sessions. Their duration is set in domain/users/model.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from suppression.domain.retention import SESSIONS_KEPT_FOR
from suppression.domain.users.model import Session, Stage, User
from suppression.storage.engine.database import Transaction
from suppression.storage.users.rows import find_user_by_number
from suppression.storage.users.tables import DbSession


def add_session(
    transaction: Transaction, user: User, digest: bytes, stage: Stage, *, now: datetime
) -> None:
    """Insert a session; delete all sessions, of any user, that started over 24 hours ago.

    `digest` is the SHA-256 of the session's cookie.
    """
    old = DbSession.started_at < now - SESSIONS_KEPT_FOR
    transaction.execute(delete(DbSession).where(old))
    values = {
        "digest": digest,
        "user_number": user.number,
        "stage": stage,
        "started_at": now,
        "seen_at": now,
    }
    transaction.execute(insert(DbSession).values(values))


def load_session(transaction: Transaction, digest: bytes) -> Session | None:
    """Return the session whose cookie has this SHA-256, ended or not; None if not found."""
    statement = select(DbSession).where(DbSession.digest == digest)
    row = transaction.execute(statement).one_or_none()
    if row is None:
        return None
    user = find_user_by_number(transaction, row.user_number)
    if user is None:
        raise LookupError(row.user_number)
    return Session(
        user=user,
        stage=Stage(row.stage),
        started_at=row.started_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
    )


def touch_session(transaction: Transaction, digest: bytes, *, now: datetime) -> None:
    """Store `now` as the time at which the session with this digest was last used."""
    transaction.execute(update(DbSession).where(DbSession.digest == digest).values(seen_at=now))


def end_session(transaction: Transaction, digest: bytes, *, now: datetime) -> None:
    """End the session with this digest, unless it has ended already."""
    _end(transaction, DbSession.digest == digest, now)


def end_sessions(transaction: Transaction, user: User, *, now: datetime) -> None:
    """End every running session of a user."""
    _end(transaction, DbSession.user_number == user.number, now)


def _end(transaction: Transaction, condition: object, now: datetime) -> None:
    running = update(DbSession).where(condition, DbSession.ended_at.is_(None))  # type: ignore[arg-type]
    transaction.execute(running.values(ended_at=now))
