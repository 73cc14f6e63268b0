"""Read the tables of a test's database without the service's own queries."""

from __future__ import annotations

from collections import defaultdict

from flask import Flask
from sqlalchemy import func, select

from suppression.domain.vocabulary import EntryType
from suppression.storage.engine.database import reading
from suppression.storage.ledger.tables import DbLedgerEntry
from suppression.storage.suppressions.tables import DbSuppression

_RECORDED = (EntryType.STOP, EntryType.RELEASE)


def number_of_rows(app: Flask) -> int:
    """Return the number of suppressions, released ones included."""
    with app.app_context(), reading() as transaction:
        return transaction.execute(select(func.count()).select_from(DbSuppression)).scalar_one()


def entries(app: Flask) -> list[EntryType]:
    """Return the type of every ledger entry about a person, without those of policies."""
    statement = select(DbLedgerEntry.type).where(DbLedgerEntry.record_id.is_not(None))
    with app.app_context(), reading() as transaction:
        return list(transaction.execute(statement).scalars())


def in_force(app: Flask) -> dict[bytes | None, bool]:
    """Return, by record id, whether each suppression's own row says that it is in force."""
    with app.app_context(), reading() as transaction:
        rows = transaction.execute(select(DbSuppression.record_id, DbSuppression.released_at))
        return {record: released is None for record, released in rows}


def replayed(app: Flask) -> dict[bytes | None, bool]:
    """Return, by record id, whether the last stop or release in the ledger is a stop."""
    statement = select(DbLedgerEntry.record_id, DbLedgerEntry.type).order_by(
        DbLedgerEntry.recorded_at
    )
    types: dict[bytes | None, list[EntryType]] = defaultdict(list)
    with app.app_context(), reading() as transaction:
        for record, entry_type in transaction.execute(statement):
            if entry_type in _RECORDED:
                types[record].append(entry_type)
    return {
        record: types_of_record[-1] is EntryType.STOP for record, types_of_record in types.items()
    }
