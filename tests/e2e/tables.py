"""What stands in the tables of a test's database, read past the service."""

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
    """How many suppressions stand, released ones too."""
    with app.app_context(), reading() as transaction:
        return transaction.execute(select(func.count()).select_from(DbSuppression)).scalar_one()


def entries(app: Flask) -> list[EntryType]:
    """The type of every ledger entry about a person; policies have entries too."""
    statement = select(DbLedgerEntry.type).where(DbLedgerEntry.record_id.is_not(None))
    with app.app_context(), reading() as transaction:
        return list(transaction.execute(statement).scalars())


def in_force(app: Flask) -> dict[bytes | None, bool]:
    """Whether each suppression, by its record, is in force as its own row says."""
    with app.app_context(), reading() as transaction:
        rows = transaction.execute(select(DbSuppression.record_id, DbSuppression.released_at))
        return {record: released is None for record, released in rows}


def replayed(app: Flask) -> dict[bytes | None, bool]:
    """Whether each suppression is in force as its last stop or release in the ledger says."""
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
