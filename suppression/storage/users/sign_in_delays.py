"""How many attempts to sign in failed in a row, and how long the next one waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update

from suppression.domain.users.sign_in_delays import KEPT_FOR, AttemptCount, delay_after
from suppression.storage.engine.database import Transaction, insert_if_absent
from suppression.storage.users.tables import DbSignInDelay

MOST_ROWS = 20_000
"""Whoever tries a million logins fills no more than this."""
_TRIES = 3


def register_attempt(
    transaction: Transaction, login: bytes, counts: Sequence[AttemptCount], *, now: datetime
) -> timedelta:
    """Count an attempt before it is judged; how long to wait instead, if it comes too early.

    Counted first, so that a thousand guesses at once are not a thousand looks at one old count.
    What waits is not counted. `login` is the digest under which a reset finds all of them.
    """
    _keep_few(transaction, now=now)
    rows = [_locked(transaction, login, count, now=now) for count in counts]
    wait: timedelta = max(row.not_before - now for row in rows)
    if wait > timedelta(0):
        _forget_unused(transaction, counts)
        return wait
    for row, count in zip(rows, counts, strict=True):
        failures = 1 + (row.failures if row.expires_at > now else 0)
        values = {
            "failures": failures,
            "not_before": now + delay_after(failures, free=count.free),
            "expires_at": now + KEPT_FOR,
        }
        transaction.execute(update(DbSignInDelay).where(_is(count)).values(values))
    return timedelta(0)


def undo_attempt(
    transaction: Transaction, counts: Sequence[AttemptCount], *, now: datetime
) -> None:
    """Take back the one attempt that was right."""
    for count in counts:
        row = _row(transaction, count)
        if row is not None:
            values = {"failures": max(0, row.failures - 1), "not_before": now}
            transaction.execute(update(DbSignInDelay).where(_is(count)).values(values))


def clear_failed_attempts(
    transaction: Transaction, counts: Sequence[AttemptCount], *, now: datetime
) -> None:
    """Begin anew after somebody came all the way in; what others failed at stays counted."""
    own, *shared = counts
    transaction.execute(delete(DbSignInDelay).where(_is(own)))
    undo_attempt(transaction, shared, now=now)


def clear_login(transaction: Transaction, login: bytes) -> None:
    """Begin anew for a login, wherever it was tried."""
    transaction.execute(delete(DbSignInDelay).where(DbSignInDelay.login_digest == login))


def delete_expired_attempts(transaction: Transaction, *, now: datetime) -> int:
    """Delete what counts no longer; how many rows that were."""
    return _delete(transaction, select(DbSignInDelay.digest).where(_expired(now)))


def _keep_few(transaction: Transaction, *, now: datetime) -> None:
    """Make room: first what has expired, then what fewest attempts failed at.

    The newer half never gives way. Else, once the table is full of what was tried twice, each count
    would be gone at the next attempt, and nobody would ever wait.
    """
    delete_expired_attempts(transaction, now=now)
    count = transaction.execute(select(func.count()).select_from(DbSignInDelay)).scalar_one()
    if count >= MOST_ROWS:
        ends = DbSignInDelay.expires_at
        newest_of_old = select(ends).order_by(ends.desc()).offset(MOST_ROWS // 2).limit(1)
        least = (
            select(DbSignInDelay.digest)
            .where(ends <= newest_of_old.scalar_subquery())
            .order_by(DbSignInDelay.failures, ends)
        )
        _delete(transaction, least.limit(count - MOST_ROWS + 1))


def _delete(transaction: Transaction, chosen: Any) -> int:  # noqa: ANN401 - a select of digests
    """Delete rows that nobody counts at this moment: so that no two wait for each other."""
    free = chosen.with_for_update(skip_locked=True)
    statement = delete(DbSignInDelay).where(DbSignInDelay.digest.in_(free))
    return int(transaction.execute(statement).rowcount)


def _forget_unused(transaction: Transaction, counts: Sequence[AttemptCount]) -> None:
    """Delete those counts under which nothing failed: an attempt that waits makes none."""
    mine = DbSignInDelay.digest.in_([count.digest for count in counts])
    transaction.execute(delete(DbSignInDelay).where(mine, DbSignInDelay.failures == 0))


def _expired(now: datetime) -> ColumnElement[bool]:
    """What counts no longer. The version before wrote no end."""
    return or_(DbSignInDelay.expires_at <= now, DbSignInDelay.expires_at.is_(None))


def _locked(
    transaction: Transaction, login: bytes, count: AttemptCount, *, now: datetime
) -> Row[Any]:
    """The row of a count, made where there is none, locked until the transaction ends."""
    fresh = {
        "digest": count.digest,
        "login_digest": login,
        "failures": 0,
        "not_before": now,
        "expires_at": now + KEPT_FOR,
    }
    for _ in range(_TRIES):  # somebody may delete it in between
        insert_if_absent(transaction, DbSignInDelay, fresh, key=("digest",))
        row = _row(transaction, count)
        if row is not None:
            return row
    raise LookupError("a count was deleted as often as it was made")


def _row(transaction: Transaction, count: AttemptCount) -> Row[Any] | None:
    statement = select(DbSignInDelay).where(_is(count)).with_for_update()
    return transaction.execute(statement).one_or_none()


def _is(count: AttemptCount) -> ColumnElement[bool]:
    return DbSignInDelay.digest == count.digest
