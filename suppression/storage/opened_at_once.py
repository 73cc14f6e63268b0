"""A new suppression with its forms and its entry, written in one go.

PostgreSQL takes all of it in one statement, which reads its own clock for every date that we set;
SQLite, whose clock is the machine's, takes its lock for each row.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Dialect

from suppression.domain.ledger import LedgerEntry
from suppression.domain.suppressions import Suppression
from suppression.storage.base import Base
from suppression.storage.clocks import ARRIVING, After, arrival
from suppression.storage.column_types import as_moment
from suppression.storage.database import in_turn, translated
from suppression.storage.ledger_rows import entry_columns
from suppression.storage.ledger_tables import DbLedgerEntry
from suppression.storage.prepared import Reader, Source, Statement, rows, told_time
from suppression.storage.standing_rows import array
from suppression.storage.suppression_rows import form_columns, row_columns
from suppression.storage.suppression_tables import ROW_KEY, DbSuppression, DbSuppressionForm
from suppression.storage.write_outcomes import outcome_noted

_Bind = Callable[[Any], Any] | None
_STOPPED = frozenset({"occurred_at", "last_occurred_at"})
_ARRIVED = 3
"""How many parameters the arrival takes, before those of the columns."""


class Dated(NamedTuple):
    """What was written: from when the stop counts, and when it was recorded."""

    occurred_at: datetime
    recorded_at: datetime


def open_at_once(
    reader: Reader,
    row: Suppression,
    entry: LedgerEntry,
    *,
    controller: int,
    after: After | None = None,
) -> Dated | None:
    """Write and commit them, in no other transaction; None if a row of the key is there.

    Asked again on a new connection where the first was lost: what it wrote may then be there.
    """
    with outcome_noted(), translated():
        return _open(reader, row, entry, controller=controller, after=after)


def _open(
    reader: Reader,
    row: Suppression,
    entry: LedgerEntry,
    *,
    controller: int,
    after: After | None,
) -> Dated | None:
    if reader.dialect.name == "postgresql":
        return open_row(reader, row, entry, controller=controller, after=after)
    with in_turn():
        reader.rows(_BEGIN, ())
        dated = open_row(reader, row, entry, controller=controller, after=after)
        reader.rows(_COMMIT, ())
    return dated


def open_row(
    source: Source,
    row: Suppression,
    entry: LedgerEntry,
    *,
    controller: int,
    after: After | None = None,
) -> Dated | None:
    """Write a new row, its forms and its entry; None, and nothing, if a row of the key is there.

    With `after` the stop came without a date: it counts from now by the database's clock, and from
    no earlier than what is on record there. The entry is recorded by that clock in any case.
    """
    if source.dialect.name == "postgresql":
        return _open_in_one(source, row, entry, controller=controller, after=after)
    arrived = arrival(source, after=after)
    if after:
        row = dataclasses.replace(
            row, occurred_at=arrived.stop_at, last_occurred_at=arrived.stop_at
        )
        entry = dataclasses.replace(entry, occurred_at=arrived.stop_at)
    entry = dataclasses.replace(entry, deed=arrived.dated(entry.deed))
    values = _bound(source.dialect, DbSuppression, row_columns(row, controller))
    if not rows(source, _insert(DbSuppression, unless_there=True), values):
        return None
    for form in row.forms[1:]:
        further = _bound(source.dialect, DbSuppressionForm, form_columns(row, form))
        rows(source, _insert(DbSuppressionForm), further)
    entered = _bound(source.dialect, DbLedgerEntry, entry_columns(entry, controller))
    rows(source, _insert(DbLedgerEntry), entered)
    return Dated(entry.occurred_at, entry.deed.recorded_at)


def _open_in_one(
    source: Source,
    row: Suppression,
    entry: LedgerEntry,
    *,
    controller: int,
    after: After | None,
) -> Dated | None:
    undated = dict.fromkeys(_STOPPED) if after else {}
    columns = row_columns(row, controller) | undated
    entered = entry_columns(entry, controller) | undated | {"recorded_at": None}
    parameters: list[object] = [
        told_time(source),
        array(list(after.fingerprints)) if after else "{}",
        controller,
        *_bound(source.dialect, DbSuppression, columns),
    ]
    for form in row.forms[1:]:
        parameters += _bound(source.dialect, DbSuppressionForm, form_columns(row, form))
    parameters += _bound(source.dialect, DbLedgerEntry, entered)
    found = rows(source, _in_one(len(row.forms) - 1), parameters)
    return Dated(*(as_moment(one) for one in found[0])) if found else None


_BEGIN, _COMMIT = Statement("begin", "BEGIN IMMEDIATE"), Statement("commit", "COMMIT")
_UNLESS_THERE = f"ON CONFLICT ({', '.join(ROW_KEY)}) DO NOTHING"
_OWN_DATES = dict.fromkeys(_STOPPED, "GREATEST(arriving.at, arriving.newest)") | {
    "recorded_at": "arriving.at"
}
"""What a date is that comes without one."""


@lru_cache(maxsize=8)
def _in_one(forms: int) -> Statement:
    """Row, forms and entry: the parameters of each table after those of the one before."""
    at, text = _ARRIVED + 1, [f"WITH arriving AS MATERIALIZED ({ARRIVING})"]
    names, values, at = _columns(DbSuppression, at)
    text.append(
        f", opened AS (INSERT INTO suppressions ({names}) SELECT {values} FROM arriving"  # noqa: S608 - names of columns
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
        f"\nINSERT INTO ledger_entries ({names}) SELECT {values} FROM opened, arriving"  # noqa: S608 - the same
        " RETURNING occurred_at, recorded_at"
    )
    return Statement(f"open_{forms}", "".join(text))


@lru_cache(maxsize=8)
def _insert(table: type[Base], *, unless_there: bool = False) -> Statement:
    names = [column.name for column in table.__table__.columns]
    values = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    rest = _UNLESS_THERE if unless_there else ""
    name = table.__tablename__
    text = f"INSERT INTO {name} ({', '.join(names)}) VALUES ({values}) {rest} RETURNING 1"  # noqa: S608 - the same
    return Statement(name, text)


def _columns(table: type[Base], first: int) -> tuple[str, str, int]:
    """A table's columns, a parameter for each from this number on, and the number after them."""
    names = [column.name for column in table.__table__.columns]
    values = [_value(name, number) for number, name in enumerate(names, first)]
    return ", ".join(names), ", ".join(values), first + len(names)


def _value(name: str, number: int) -> str:
    """A parameter; of what may come without a date, the database's."""
    own = _OWN_DATES.get(name)
    return f"COALESCE(${number}::timestamptz, {own})" if own else f"${number}"


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
