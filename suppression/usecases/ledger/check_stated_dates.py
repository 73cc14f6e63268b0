"""Refuse dates that no stop can have, but refuse none because this machine's clock is wrong."""

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
    """Raise InvalidValueError for a stop dated over 5 minutes ahead, or an end that it cannot have.

    Only some reasons allow an end. An end must be later than the stop's date (than now, for a stop
    without a date), and before the year 9000.
    """
    if occurred_at is not None:
        now = latest_now(occurred_at, now)
    elif expires_at is not None and expires_at <= now:
        now = _now_there()
    check_dates(reason, occurred_at or now, expires_at, now=now)


def latest_now(stated: datetime, now: datetime) -> datetime:
    """Return the present time by which to judge a stated date.

    It is `now`, the time of this machine's clock. If `stated` is over 5 minutes ahead of `now`, it
    is the later of `now` and the database's time, so that a slow clock here refuses no stop.
    """
    return now if stated <= now + CLOCK_TOLERANCE else max(now, _now_there())


def _now_there() -> datetime:
    with reading() as transaction:
        return database_now(transaction)
