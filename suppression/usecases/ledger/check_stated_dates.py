"""Refuse dates that no stop can have, but none because this machine's clock is wrong."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.suppressions.model import CLOCK_TOLERANCE, check_dates
from suppression.domain.vocabulary import Reason
from suppression.storage.engine.clocks import database_now
from suppression.storage.engine.database import reading


def check_stated_date(
    reason: Reason,
    occurred_at: datetime | None,
    expires_at: datetime | None,
    *,
    now: datetime,
) -> None:
    """Raise InvalidValueError for a stop from the future or already over, or a forbidden end."""
    if occurred_at is not None:
        now = latest_now(occurred_at, now)
    elif expires_at is not None and expires_at <= now:
        now = _now_there()
    check_dates(reason, occurred_at or now, expires_at, now=now)


def latest_now(stated: datetime, now: datetime) -> datetime:
    """Return the present time: the later clock's if `stated` is too far ahead of this machine's.

    Only then is the database's clock read: a stop must not be refused because this machine's clock
    is wrong.
    """
    return now if stated <= now + CLOCK_TOLERANCE else max(now, _now_there())


def _now_there() -> datetime:
    with reading() as transaction:
        return database_now(transaction)
