"""SQL statements that store and read the last run of each probe."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from suppression.domain.probes import PASSED, Probe
from suppression.storage.engine.database import Transaction, insert_if_absent
from suppression.storage.operations.tables import DbWatch


def save_probe_run(transaction: Transaction, name: str, *, result: str, now: datetime) -> None:
    """Store the result of a probe's run; a failed run leaves `passed_at` as it was."""
    values: dict[str, object] = {"ran_at": now, "result": result}
    if result == PASSED:
        values["passed_at"] = now
    if not insert_if_absent(transaction, DbWatch, {"name": name, **values}, key=("name",)):
        transaction.execute(update(DbWatch).where(DbWatch.name == name).values(values))


def find_probe(transaction: Transaction, name: str) -> Probe | None:
    """Return the last run of the probe with this name; None if it never ran."""
    row = transaction.execute(select(DbWatch).where(DbWatch.name == name)).one_or_none()
    if row is None:
        return None
    return Probe(name=row.name, ran_at=row.ran_at, passed_at=row.passed_at, result=row.result)
