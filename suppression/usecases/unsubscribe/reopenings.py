"""Count reopenings (a person opens what a click had closed), by day, and detect unusual days."""

from __future__ import annotations

from datetime import datetime, timedelta

from suppression.domain.cases.deadlines import day_in
from suppression.domain.controllers.model import Controller
from suppression.domain.unsubscribe.reopenings import (
    ReopeningDay,
    first_day_needed,
    is_unusual,
    shown_days,
)
from suppression.storage.controllers.rows import load_controllers
from suppression.storage.engine.database import Transaction, reading
from suppression.storage.operations.daily_counts import (
    add_reopening,
    reopenings_since,
)


def count_reopening(transaction: Transaction, controller: Controller, *, now: datetime) -> None:
    """Count one reopening in the caller's transaction, on the date in the controller's country."""
    add_reopening(transaction, controller, day_in(controller.country, now))


def list_reopenings(controller: Controller, *, now: datetime) -> tuple[ReopeningDay, ...]:
    """Return the daily numbers of a controller's reopenings in the last 30 days, today first."""
    today = day_in(controller.country, now)
    with reading() as transaction:
        counts = reopenings_since(transaction, first_day_needed(today))
    return shown_days(counts.get(controller.number, {}), today)


def count_unusual(transaction: Transaction, *, now: datetime) -> int:
    """Return how many controllers see an unusual number of reopenings today."""
    since = first_day_needed(now.date()) - timedelta(days=1)
    counts = reopenings_since(transaction, since)
    if not counts:
        return 0
    return sum(
        is_unusual(counts.get(controller.number, {}), day_in(controller.country, now))
        for controller in load_controllers(transaction)
    )
