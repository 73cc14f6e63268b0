"""SQL statements to reencrypt every text that is stored under the case keys."""

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

_EncryptedColumn = tuple[type[Base], InstrumentedAttribute[int], InstrumentedAttribute[Any]]
_ENCRYPTED_COLUMNS: tuple[_EncryptedColumn, ...] = (
    (DbCase, DbCase.number, DbCase.content),
    (DbCaseNote, DbCaseNote.number, DbCaseNote.content),
    (DbUnclearMessage, DbUnclearMessage.number, DbUnclearMessage.content),
    (DbUser, DbUser.number, DbUser.code_secret),
)
"""Each table with its key and its encrypted column. A new column must be added here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EncryptedCell:
    """The location of an encrypted text: an index of `_ENCRYPTED_COLUMNS`, and a row's number."""

    table: int
    number: int


def list_encrypted_cells(transaction: Transaction) -> list[EncryptedCell]:
    """Return the location of every encrypted text."""
    return [
        EncryptedCell(table=table, number=number)
        for table, (_, key, content) in enumerate(_ENCRYPTED_COLUMNS)
        for number in transaction.execute(select(key).where(content.is_not(None)).order_by(key))
        .scalars()
        .all()
    ]


def replace_cell(
    transaction: Transaction, cell: EncryptedCell, replaced: Callable[[bytes], bytes | None]
) -> bool:
    """Replace the encrypted text of a cell by `replaced(text)`, under a row lock.

    Return False, and change nothing, if `replaced` returns None or the text was deleted.
    """
    table, key, content = _ENCRYPTED_COLUMNS[cell.table]
    locked = select(content).where(key == cell.number, content.is_not(None)).with_for_update()
    current = transaction.execute(locked).scalar_one_or_none()
    replacement = replaced(current) if current is not None else None
    if replacement is None:
        return False
    values = {content.key: replacement}
    transaction.execute(update(table).where(key == cell.number).values(values))
    return True
