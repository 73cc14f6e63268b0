"""Insert a new suppression with its match keys and its ledger entry.

PostgreSQL inserts all of it in one statement, which reads the database's clock for every date that
we set. SQLite, whose clock is the machine's, needs one statement per row, under its write lock.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Dialect

from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.model import Suppression
from suppression.storage.engine.base import Base
from suppression.storage.engine.clocks import ARRIVING, AfterRows, entry_dates
from suppression.storage.engine.column_types import to_datetime, uuid_array
from suppression.storage.engine.database import note_failed_write, sqlite_write_lock
from suppression.storage.engine.prepared_statements import (
    Reader,
    Source,
    Statement,
    execute,
    stated_time,
)
from suppression.storage.ledger.rows import entry_columns
from suppression.storage.ledger.tables import DbLedgerEntry
from suppression.storage.suppressions.rows import form_columns, row_columns
from suppression.storage.suppressions.tables import ROW_KEY, DbSuppression, DbSuppressionForm

_Bind = Callable[[Any], Any] | None
_STOP_DATES = frozenset({"occurred_at", "last_occurred_at"})
_ARRIVAL_PARAMETERS = 3
"""How many parameters `ARRIVING` takes; those of the columns follow."""


class InsertedDates(NamedTuple):
    """The dates that were stored: from when the stop counts, and when it was recorded."""

    occurred_at: datetime
    recorded_at: datetime


def insert_if_new(
    reader: Reader,
    row: Suppression,
    entry: LedgerEntry,
    *,
    controller: int,
    after: AfterRows | None = None,
) -> InsertedDates | None:
    """Insert and commit a suppression, its match keys and ledger entry; return the stored dates.

    Return None, and insert nothing, if a row with the suppression's key exists. Pass the number of
    the controller, and `after` for a stop that came undated. The caller must have no transaction
    open. After a lost connection the insert is repeated: None may then mean that the first try has
    stored the row. Raise DatabaseUnavailableError if the database cannot be reached or does not
    answer in time.
    """
    with note_failed_write():
        return _insert_steps(reader, row, entry, controller=controller, after=after)


def _insert_steps(
    reader: Reader,
    row: Suppression,
    entry: LedgerEntry,
    *,
    controller: int,
    after: AfterRows | None,
) -> InsertedDates | None:
    if reader.dialect.name == "postgresql":
        return insert_row(reader, row, entry, controller=controller, after=after)
    with sqlite_write_lock():
        reader.fetch_all(_BEGIN, ())
        dates = insert_row(reader, row, entry, controller=controller, after=after)
        reader.fetch_all(_COMMIT, ())
    return dates


def insert_row(
    source: Source,
    row: Suppression,
    entry: LedgerEntry,
    *,
    controller: int,
    after: AfterRows | None = None,
) -> InsertedDates | None:
    """Insert a suppression, its match keys and its ledger entry; return the stored dates.

    Return None, and insert nothing, if a row with the suppression's key exists. Pass the number of
    the controller, and `after` for a stop that came undated: it is dated by the database's clock,
    or by the newest consent or agreed time that it must not precede, if that is later. The entry's
    `recorded_at` is always the database's time.
    """
    if source.dialect.name == "postgresql":
        return _insert_in_one_statement(source, row, entry, controller=controller, after=after)
    dates = entry_dates(source, after=after)
    if after:
        row = dataclasses.replace(row, occurred_at=dates.stop_at, last_occurred_at=dates.stop_at)
        entry = dataclasses.replace(entry, occurred_at=dates.stop_at)
    entry = dataclasses.replace(entry, context=dates.date_for(entry.context))
    values = _bound(source.dialect, DbSuppression, row_columns(row, controller))
    if not execute(source, _insert(DbSuppression, unless_there=True), values):
        return None
    for form in row.forms[1:]:
        form_values = _bound(source.dialect, DbSuppressionForm, form_columns(row, form))
        execute(source, _insert(DbSuppressionForm), form_values)
    entry_values = _bound(source.dialect, DbLedgerEntry, entry_columns(entry, controller))
    execute(source, _insert(DbLedgerEntry), entry_values)
    return InsertedDates(entry.occurred_at, entry.context.recorded_at)


def _insert_in_one_statement(
    source: Source,
    row: Suppression,
    entry: LedgerEntry,
    *,
    controller: int,
    after: AfterRows | None,
) -> InsertedDates | None:
    undated = dict.fromkeys(_STOP_DATES) if after else {}
    columns = row_columns(row, controller) | undated
    ledger_columns = entry_columns(entry, controller) | undated | {"recorded_at": None}
    parameters: list[object] = [
        stated_time(source),
        uuid_array(list(after.fingerprints)) if after else "{}",
        controller,
        *_bound(source.dialect, DbSuppression, columns),
    ]
    for form in row.forms[1:]:
        parameters += _bound(source.dialect, DbSuppressionForm, form_columns(row, form))
    parameters += _bound(source.dialect, DbLedgerEntry, ledger_columns)
    rows = execute(source, _statement_for(len(row.forms) - 1), parameters)
    if isinstance(source, Reader):
        source.confirm_write()
    return InsertedDates(*(to_datetime(value) for value in rows[0])) if rows else None


_BEGIN, _COMMIT = Statement("begin", "BEGIN IMMEDIATE"), Statement("commit", "COMMIT")
_UNLESS_THERE = f"ON CONFLICT ({', '.join(ROW_KEY)}) DO NOTHING"
_OWN_DATES = dict.fromkeys(_STOP_DATES, "GREATEST(arriving.at, arriving.newest)") | {
    "recorded_at": "arriving.at"
}
"""The SQL of each date column's value when its parameter is NULL."""


@lru_cache(maxsize=8)
def _statement_for(forms: int) -> Statement:
    """Return the PostgreSQL statement that inserts a suppression, more match keys, and its entry.

    `forms` is the number of match keys besides the first. The parameters are those of `ARRIVING`,
    then the columns of the suppression, of each further match key and of the ledger entry. The
    statement returns the stored dates; no row if the suppression's key exists.
    """
    at, text = _ARRIVAL_PARAMETERS + 1, [f"WITH arriving AS MATERIALIZED ({ARRIVING})"]
    names, values, at = _columns(DbSuppression, at)
    text.append(
        f", opened AS (INSERT INTO suppressions ({names}) SELECT {values} FROM arriving"  # noqa: S608 - names of columns
        f" {_UNLESS_THERE} RETURNING record_id)"
    )
    for number in range(forms):
        names, values, at = _columns(DbSuppressionForm, at)
        text.append(
            f", form_{number} AS (INSERT INTO suppression_forms ({names})"  # noqa: S608 - as above
            f" SELECT {values} FROM opened ON CONFLICT DO NOTHING)"
        )
    names, values, at = _columns(DbLedgerEntry, at)
    text.append(
        f"\nINSERT INTO ledger_entries ({names}) SELECT {values} FROM opened, arriving"  # noqa: S608 - as above
        " RETURNING occurred_at, recorded_at"
    )
    return Statement(f"open_{forms}", "".join(text))


@lru_cache(maxsize=8)
def _insert(table: type[Base], *, unless_there: bool = False) -> Statement:
    names = [column.name for column in table.__table__.columns]
    values = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    conflict_clause = _UNLESS_THERE if unless_there else ""
    name = table.__tablename__
    text = (
        f"INSERT INTO {name} ({', '.join(names)}) VALUES ({values}) {conflict_clause} RETURNING 1"  # noqa: S608 - as above
    )
    return Statement(name, text)


def _columns(table: type[Base], first: int) -> tuple[str, str, int]:
    """Return a table's column names, their parameters from `first` on, and the next number."""
    names = [column.name for column in table.__table__.columns]
    values = [_value(name, number) for number, name in enumerate(names, first)]
    return ", ".join(names), ", ".join(values), first + len(names)


def _value(name: str, number: int) -> str:
    """Return the SQL of a column's value: its parameter, or for NULL its SQL in `_OWN_DATES`."""
    default = _OWN_DATES.get(name)
    return f"COALESCE(${number}::timestamptz, {default})" if default else f"${number}"


def _bound(dialect: Dialect, table: type[Base], values: Mapping[str, object]) -> list[object]:
    """Convert the values to the driver's types, in the order of the table's columns."""
    return [bind(values[name]) if bind else values[name] for name, bind in _binds(dialect, table)]


@lru_cache(maxsize=16)
def _binds(dialect: Dialect, table: type[Base]) -> list[tuple[str, _Bind]]:
    """Return each column's name with SQLAlchemy's conversion of its values, None if not needed."""
    return [
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect))
        for column in table.__table__.columns
    ]
