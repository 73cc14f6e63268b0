"""Every text that stands encrypted under the case keys, to be encrypted anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from suppression.storage.cases.tables import DbCase, DbCaseNote, DbUnclearMessage
from suppression.storage.engine.base import Base
from suppression.storage.engine.database import Transaction
from suppression.storage.users.tables import DbUser

_Kept = tuple[type[Base], InstrumentedAttribute[int], InstrumentedAttribute[Any]]
_KEPT: tuple[_Kept, ...] = (
    (DbCase, DbCase.number, DbCase.content),
    (DbCaseNote, DbCaseNote.number, DbCaseNote.content),
    (DbUnclearMessage, DbUnclearMessage.number, DbUnclearMessage.content),
    (DbUser, DbUser.number, DbUser.code_secret),
)
"""The tables, and in each the column. A new one is added here, or its texts stay as they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EncryptedCell:
    """Where a text stands: the table, by its place above, and the row."""

    table: int
    number: int


def list_encrypted_cells(transaction: Transaction) -> list[EncryptedCell]:
    """Every row that holds such a text."""
    return [
        EncryptedCell(table=table, number=number)
        for table, (_, key, content) in enumerate(_KEPT)
        for number in transaction.execute(select(key).where(content.is_not(None)).order_by(key))
        .scalars()
        .all()
    ]


def replace_cell(
    transaction: Transaction, place: EncryptedCell, replaced: Callable[[bytes], bytes | None]
) -> bool:
    """Put another text in the place of one, which is locked meanwhile; False if it is to stay."""
    table, key, content = _KEPT[place.table]
    held = select(content).where(key == place.number, content.is_not(None)).with_for_update()
    found = transaction.execute(held).scalar_one_or_none()
    fresh = replaced(found) if found is not None else None
    if fresh is None:
        return False
    written = {content.key: fresh}
    transaction.execute(update(table).where(key == place.number).values(written))
    return True
