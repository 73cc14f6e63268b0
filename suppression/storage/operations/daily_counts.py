"""Add to, read and delete the daily counts of reopenings and of service checks."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, update

from suppression.domain.controllers.model import Controller
from suppression.storage.controllers.tables import DbApiKey
from suppression.storage.engine.base import Base
from suppression.storage.engine.database import Transaction, insert_if_absent
from suppression.storage.operations.daily_count_tables import DbReopeningCount, DbServiceCount


def add_reopening(transaction: Transaction, controller: Controller, day: date) -> None:
    """Count one reopening on `day`, a date in the controller's country."""
    _add(transaction, DbReopeningCount, {"controller_number": controller.number, "day": day}, 1)


def reopenings_since(transaction: Transaction, day: date) -> dict[int, dict[date, int]]:
    """Return the reopenings of each day from `day` on: a dict by controller number, then day."""
    rows = transaction.execute(select(DbReopeningCount).where(DbReopeningCount.day >= day))
    counts: dict[int, dict[date, int]] = defaultdict(dict)
    for row in rows:
        counts[row.controller_number][row.day] = row.number
    return counts


def add_service_checks(transaction: Transaction, key_number: int, day: date, number: int) -> None:
    """Add `number` service checks to an API key's count of a day in UTC."""
    _add(transaction, DbServiceCount, {"key_number": key_number, "day": day}, number)


def service_checks_since(
    transaction: Transaction, controller: Controller, day: date
) -> dict[int, int]:
    """Return how many service checks each of a controller's keys made since `day`, by key number.

    `day` is included; keys without any are absent.
    """
    statement = (
        select(DbServiceCount.key_number, func.sum(DbServiceCount.number).label("total"))
        .join(DbApiKey, DbApiKey.number == DbServiceCount.key_number)
        .where(DbApiKey.controller_number == controller.number, DbServiceCount.day >= day)
        .group_by(DbServiceCount.key_number)
    )
    return {row.key_number: int(row.total) for row in transaction.execute(statement)}


def delete_counts_before(transaction: Transaction, day: date) -> int:
    """Delete the counts of all days before `day`; return how many rows were deleted."""
    return sum(
        transaction.execute(delete(table).where(table.day < day)).rowcount
        for table in (DbReopeningCount, DbServiceCount)
    )


def _add(transaction: Transaction, table: type[Base], key: dict[str, Any], number: int) -> None:
    row = {**key, "number": number}
    if not insert_if_absent(transaction, table, row, key=tuple(key)):
        conditions = [getattr(table, name) == value for name, value in key.items()]
        increased = {"number": table.__table__.c.number + number}
        transaction.execute(update(table).where(*conditions).values(increased))
