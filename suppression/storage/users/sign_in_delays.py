"""Counts of failed sign-ins, and the delays before the next attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update

from suppression.domain.retention import FAILED_SIGN_INS_KEPT_FOR
from suppression.domain.users.sign_in_delays import AttemptCount, delay_after
from suppression.storage.engine.database import Transaction, insert_if_absent
from suppression.storage.users.tables import DbSignInDelay

MOST_ROWS = 20_000
"""From this many rows on, each attempt deletes old counts: the table stays about this size."""
_TRIES = 3


def register_attempt(
    transaction: Transaction, login: bytes, counts: Sequence[AttemptCount], *, now: datetime
) -> timedelta:
    """Count a sign-in attempt and return zero, or return how long to wait before trying again.

    Call this, and commit, before the password is checked: otherwise many guesses at once would all
    read the same old count. The counts, at least one, stay locked until the transaction ends. An
    attempt that has to wait is not counted. `login` is the keyed digest of the login, by which
    `clear_login` deletes all its counts. Also delete expired counts, and old ones of a full table.
    Raise LookupError if other transactions delete a count whenever it is inserted.
    """
    _make_room(transaction, now=now)
    rows = [_locked(transaction, login, count, now=now) for count in counts]
    delay: timedelta = max(row.not_before - now for row in rows)
    if delay > timedelta(0):
        _forget_unused(transaction, counts)
        return delay
    for row, count in zip(rows, counts, strict=True):
        failures = 1 + (row.failures if row.expires_at > now else 0)
        values = {
            "failures": failures,
            "not_before": now + delay_after(failures, free=count.free),
            "expires_at": now + FAILED_SIGN_INS_KEPT_FOR,
        }
        transaction.execute(update(DbSignInDelay).where(_is(count)).values(values))
    return timedelta(0)


def undo_attempt(
    transaction: Transaction, counts: Sequence[AttemptCount], *, now: datetime
) -> None:
    """Subtract an attempt whose password was right from its counts, and end their delays."""
    for count in counts:
        row = _row(transaction, count)
        if row is not None:
            values = {"failures": max(0, row.failures - 1), "not_before": now}
            transaction.execute(update(DbSignInDelay).where(_is(count)).values(values))


def clear_failed_attempts(
    transaction: Transaction, counts: Sequence[AttemptCount], *, now: datetime
) -> None:
    """Delete the first count, and undo the attempt in the others, after a complete sign-in.

    Other people share the other counts: their failures stay counted.
    """
    own, *shared = counts
    transaction.execute(delete(DbSignInDelay).where(_is(own)))
    undo_attempt(transaction, shared, now=now)


def clear_login(transaction: Transaction, login: bytes) -> None:
    """Delete all counts of a login, wherever the attempts came from."""
    transaction.execute(delete(DbSignInDelay).where(DbSignInDelay.login_digest == login))


def delete_expired_attempts(transaction: Transaction, *, now: datetime) -> int:
    """Delete the expired counts that no other transaction has locked; return how many."""
    return _delete(transaction, select(DbSignInDelay.digest).where(_expired(now)))


def _make_room(transaction: Transaction, *, now: datetime) -> None:
    """Delete expired counts; if the table is full, also old counts with the fewest failures.

    The newer half is never deleted. Otherwise, in a table full of logins that were tried twice,
    each count would be gone at the next attempt, and nobody would ever have to wait.
    """
    delete_expired_attempts(transaction, now=now)
    count = transaction.execute(select(func.count()).select_from(DbSignInDelay)).scalar_one()
    if count >= MOST_ROWS:
        ends = DbSignInDelay.expires_at
        newest_of_old = select(ends).order_by(ends.desc()).offset(MOST_ROWS // 2).limit(1)
        fewest_failures = (
            select(DbSignInDelay.digest)
            .where(ends <= newest_of_old.scalar_subquery())
            .order_by(DbSignInDelay.failures, ends)
        )
        _delete(transaction, fewest_failures.limit(count - MOST_ROWS + 1))


def _delete(transaction: Transaction, chosen: Any) -> int:  # noqa: ANN401 - a select of digests
    """Delete the `chosen` rows that no other transaction has locked; return how many.

    Because of this, two transactions that delete rows never wait for each other.
    """
    unlocked = chosen.with_for_update(skip_locked=True)
    statement = delete(DbSignInDelay).where(DbSignInDelay.digest.in_(unlocked))
    return int(transaction.execute(statement).rowcount)


def _forget_unused(transaction: Transaction, counts: Sequence[AttemptCount]) -> None:
    """Delete the rows of counts without failures, so that a refused attempt leaves no new row."""
    digest_in_counts = DbSignInDelay.digest.in_([count.digest for count in counts])
    transaction.execute(delete(DbSignInDelay).where(digest_in_counts, DbSignInDelay.failures == 0))


def _expired(now: datetime) -> ColumnElement[bool]:
    """Return the SQL condition for expired counts, and for those without `expires_at`.

    Code from before migration 0015 stored no `expires_at`.
    """
    return or_(DbSignInDelay.expires_at <= now, DbSignInDelay.expires_at.is_(None))


def _locked(
    transaction: Transaction, login: bytes, count: AttemptCount, *, now: datetime
) -> Row[Any]:
    """Insert the count's row if it is absent; lock it until the transaction ends and return it.

    Raise LookupError if other transactions delete the row after each of three tries.
    """
    values = {
        "digest": count.digest,
        "login_digest": login,
        "failures": 0,
        "not_before": now,
        "expires_at": now + FAILED_SIGN_INS_KEPT_FOR,
    }
    for _ in range(_TRIES):  # another transaction may delete it in between
        insert_if_absent(transaction, DbSignInDelay, values, key=("digest",))
        row = _row(transaction, count)
        if row is not None:
            return row
    raise LookupError("a count was deleted as often as it was made")


def _row(transaction: Transaction, count: AttemptCount) -> Row[Any] | None:
    statement = select(DbSignInDelay).where(_is(count)).with_for_update()
    return transaction.execute(statement).one_or_none()


def _is(count: AttemptCount) -> ColumnElement[bool]:
    return DbSignInDelay.digest == count.digest
