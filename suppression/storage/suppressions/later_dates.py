"""Find suppressions that are dated later than a given time, by match key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, select, union_all

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.storage.engine.database import Transaction
from suppression.storage.suppressions.tables import (
    FORM_KEY,
    ROW_KEY,
    DbSuppression,
    DbSuppressionForm,
)

_CHUNK = 400
"""The most match keys per statement, which binds each twice: older SQLite takes 999 values."""


def dates_after(
    transaction: Transaction, fingerprints: Collection[Fingerprint], instant: datetime
) -> dict[Fingerprint, datetime]:
    """Return the newest date of the suppressions under each of these match keys.

    A match key without a suppression that is dated after `instant` is left out. Released and
    expired suppressions count.
    """
    newest: dict[Fingerprint, datetime] = {}
    every = list(fingerprints)
    for start in range(0, len(every), _CHUNK):
        for fingerprint, at in _rows(transaction, every[start : start + _CHUNK], instant):
            newest[fingerprint] = max(at, newest.get(fingerprint, at))
    return newest


def _rows(
    transaction: Transaction, fingerprints: Collection[Fingerprint], instant: datetime
) -> list[tuple[Fingerprint, datetime]]:
    suppressions, forms = DbSuppression.__table__.columns, DbSuppressionForm.__table__.columns
    is_later = suppressions["last_occurred_at"] > instant
    of_row = and_(
        *(
            forms[name] == suppressions[row_name]
            for name, row_name in zip(FORM_KEY, ROW_KEY, strict=True)
        )
    )
    statement = union_all(
        select(suppressions["fingerprint"], suppressions["last_occurred_at"]).where(
            suppressions["fingerprint"].in_(fingerprints), is_later
        ),
        select(forms["fingerprint"], suppressions["last_occurred_at"])
        .join_from(DbSuppressionForm, DbSuppression, of_row)
        .where(forms["fingerprint"].in_(fingerprints), is_later),
    )
    return [(Fingerprint(row[0]), row[1]) for row in transaction.execute(statement)]
