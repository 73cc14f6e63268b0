"""Refuse dates that no stop can have, without refusing one for the clock of this machine."""

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
    """Refuse a stop from the future or that is over, and an end where the reason admits none."""
    if occurred_at is not None:
        now = latest_now(occurred_at, now)
    elif expires_at is not None and expires_at <= now:
        now = _now_there()
    check_dates(reason, occurred_at or now, expires_at, now=now)


def latest_now(stated: datetime, now: datetime) -> datetime:
    """The present moment; by the database's clock where this machine's finds a date too far ahead.

    Only then is the database asked: a machine whose clock is off must refuse no stop for it.
    """
    return now if stated <= now + CLOCK_TOLERANCE else max(now, _now_there())


def _now_there() -> datetime:
    with reading() as transaction:
        return database_now(transaction)
