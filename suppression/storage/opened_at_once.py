"""A new suppression with its forms and its entry, committed in one go and in no other transaction.

PostgreSQL takes all of it in one statement that commits itself; SQLite takes its lock for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect

from suppression.domain.ledger import LedgerEntry
from suppression.domain.suppressions import Suppression
from suppression.storage.base import Base
from suppression.storage.database import in_turn, translated
from suppression.storage.ledger_rows import entry_columns
from suppression.storage.ledger_tables import DbLedgerEntry
from suppression.storage.prepared import Reader, Statement
from suppression.storage.suppression_rows import form_columns, row_columns
from suppression.storage.suppression_tables import ROW_KEY, DbSuppression, DbSuppressionForm
from suppression.storage.write_outcomes import outcome_noted

_Bind = Callable[[Any], Any] | None


def open_at_once(reader: Reader, row: Suppression, entry: LedgerEntry, *, controller: int) -> bool:
    """Write and commit them; False, and nothing written, if a row of the key is there.

    Asked again on a new connection where the first was lost: what it wrote may then be there.
    """
    with outcome_noted(), translated():
        return _open(reader, row, entry, controller=controller)


def _open(reader: Reader, row: Suppression, entry: LedgerEntry, *, controller: int) -> bool:
    values = _bound(reader.dialect, DbSuppression, row_columns(row, controller))
    entered = _bound(reader.dialect, DbLedgerEntry, entry_columns(entry, controller))
    forms = [
        _bound(reader.dialect, DbSuppressionForm, form_columns(row, form)) for form in row.forms[1:]
    ]
    if reader.dialect.name == "postgresql":
        parameters = values + [one for form in forms for one in form] + entered
        return bool(reader.rows(_in_one(len(forms)), parameters))
    with in_turn():
        reader.rows(_BEGIN, ())
        opened = bool(reader.rows(_insert(DbSuppression, returning=True), values))
        if opened:
            for form in forms:
                reader.rows(_insert(DbSuppressionForm), form)
            reader.rows(_insert(DbLedgerEntry), entered)
        reader.rows(_COMMIT, ())
    return opened


_BEGIN, _COMMIT = Statement("begin", "BEGIN IMMEDIATE"), Statement("commit", "COMMIT")
_UNLESS_THERE = f"ON CONFLICT ({', '.join(ROW_KEY)}) DO NOTHING"


@lru_cache(maxsize=8)
def _in_one(forms: int) -> Statement:
    """Row, forms and entry: the parameters of each table after those of the one before."""
    at, text = 1, []
    names, values, at = _columns(DbSuppression, at)
    text.append(
        f"WITH opened AS (INSERT INTO suppressions ({names}) VALUES ({values})"  # noqa: S608 - names of columns
        f" {_UNLESS_THERE} RETURNING record_id)"
    )
    for number in range(forms):
        names, values, at = _columns(DbSuppressionForm, at)
        text.append(
            f", form_{number} AS (INSERT INTO suppression_forms ({names})"  # noqa: S608 - the same
            f" SELECT {values} FROM opened ON CONFLICT DO NOTHING)"
        )
    names, values, at = _columns(DbLedgerEntry, at)
    text.append(
        f"\nINSERT INTO ledger_entries ({names}) SELECT {values} FROM opened RETURNING 1"  # noqa: S608 - the same
    )
    return Statement(f"open_{forms}", "".join(text))


@lru_cache(maxsize=8)
def _insert(table: type[Base], *, returning: bool = False) -> Statement:
    names, values, _ = _columns(table, 1)
    rest = f" {_UNLESS_THERE} RETURNING 1" if returning else ""
    name = table.__tablename__
    return Statement(name, f"INSERT INTO {name} ({names}) VALUES ({values}){rest}")  # noqa: S608 - the same


def _columns(table: type[Base], first: int) -> tuple[str, str, int]:
    """A table's columns, a parameter for each from this number on, and the number after them."""
    names = [column.name for column in table.__table__.columns]
    end = first + len(names)
    return ", ".join(names), ", ".join(f"${number}" for number in range(first, end)), end


def _bound(dialect: Dialect, table: type[Base], values: Mapping[str, object]) -> list[object]:
    """The values as the driver takes them, in the order of the columns."""
    return [bind(values[name]) if bind else values[name] for name, bind in _binds(dialect, table)]


@lru_cache(maxsize=16)
def _binds(dialect: Dialect, table: type[Base]) -> list[tuple[str, _Bind]]:
    """What each column does with a value, as SQLAlchemy would."""
    return [
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect))
        for column in table.__table__.columns
    ]
