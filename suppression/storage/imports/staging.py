"""Staged rows: written as a file is read, counted, and cleared when they are needed no more.

PostgreSQL takes them by COPY, which is several times as fast as INSERT; SQLite by executemany.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import psycopg2
from sqlalchemy import and_, delete, exists, func, insert, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute

from suppression.domain.imports.model import Import, RowFault, StagedSuppression
from suppression.storage.engine import enum_codes as letters
from suppression.storage.engine.base import Base
from suppression.storage.engine.database import Transaction, unavailable_error
from suppression.storage.imports.tables import DbImportFault, DbImportForm, DbImportRow
from suppression.storage.suppressions.tables import DbSuppression

_ROW_COLUMNS = (
    *("import_number", "number", "fingerprint", "record_id", "occurred_at", "expires_at"),
    *("file_row", "canonicalisation", "channel", "purpose", "topic", "reason", "salt"),
    "commitment",
)
_FORM_COLUMNS = ("import_number", "number", "fingerprint")
_CHANNELS = dict(letters.CHANNEL.letters)
_PURPOSES = dict(letters.PURPOSE.letters)
_REASONS = dict(letters.REASON.letters)
_PATIENCE_MS = 60_000


class StagedRow(NamedTuple):
    """A staged stop with the random values that its row of the list will have."""

    stop: StagedSuppression
    record_id: bytes
    salt: bytes
    commitment: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """What some rows of a file hold. `first` numbers its first stop."""

    first: int
    stops: Sequence[StagedRow]
    faults: Sequence[RowFault]


def extend_timeouts(transaction: Transaction) -> None:
    """Let the statements of this transaction take longer than a request may wait."""
    if transaction.dialect.name == "postgresql":
        for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            transaction.execute(text(f"SET LOCAL {setting} = {_PATIENCE_MS}"))


def add_staged(transaction: Transaction, import_: Import, batch: Batch) -> None:
    """Write a batch."""
    if transaction.dialect.name == "postgresql":
        _copy(transaction, "import_rows", _ROW_COLUMNS, _row_lines(import_, batch))
        forms = list(_form_lines(import_, batch))
        if forms:
            _copy(transaction, "import_forms", _FORM_COLUMNS, forms)
    else:
        _insert(transaction, DbImportRow, _row_values(import_, batch))
        _insert(transaction, DbImportForm, _form_values(import_, batch))
    _insert(transaction, DbImportFault, _fault_values(import_, batch))


def new_rows(transaction: Transaction, import_: Import, batch: Batch, *, now: datetime) -> int:
    """How many rows of a batch that was written say anything that is not on the list already."""
    row, listed = DbImportRow, DbSuppression
    in_force = or_(listed.expires_at.is_(None), listed.expires_at >= now)
    same = and_(
        listed.fingerprint == row.fingerprint,
        listed.channel == row.channel,
        listed.purpose == row.purpose,
        listed.topic == row.topic,
        listed.released_at.is_(None),
        in_force,
    )
    statement = select(func.count(row.file_row.distinct())).where(
        row.import_number == import_.number,
        row.number >= batch.first,
        ~exists().where(same),
    )
    return transaction.execute(statement).scalar_one()


def clear_staged(transaction: Transaction, import_: Import, *, limit: int) -> bool:
    """Delete some of what is staged; whether nothing is left."""
    row, form = DbImportRow, DbImportForm
    highest = _highest_of_the_first(transaction, import_, row.number, limit)
    if highest is None:
        return True
    for table in (form, row):
        mine = (table.import_number == import_.number, table.number <= highest)
        transaction.execute(delete(table).where(*mine))
    return False


def clear_faults(transaction: Transaction, import_: Import, *, limit: int) -> bool:
    """Delete some of the list of invalid rows; whether nothing is left."""
    fault = DbImportFault
    highest = _highest_of_the_first(transaction, import_, fault.file_row, limit)
    if highest is None:
        return True
    mine = (fault.import_number == import_.number, fault.file_row <= highest)
    transaction.execute(delete(fault).where(*mine))
    return False


def _highest_of_the_first(
    transaction: Transaction, import_: Import, number: InstrumentedAttribute[int], limit: int
) -> int | None:
    """The last number of an import's first rows in a table, so many of them; None without any."""
    mine = number.class_.import_number == import_.number
    first = select(number.label("number")).where(mine).order_by(number).limit(limit).subquery()
    highest: int | None = transaction.execute(select(func.max(first.c.number))).scalar_one()
    return highest


def _copy(
    transaction: Transaction, table: str, columns: Sequence[str], lines: Iterable[str]
) -> None:
    """COPY, whose errors the driver raises past SQLAlchemy."""
    driver: Any = transaction.connection.driver_connection
    sent = io.StringIO("".join(lines))
    try:
        with driver.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", sent)
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        raise unavailable_error(error) from error


def _row_lines(import_: Import, batch: Batch) -> Iterable[str]:
    written: dict[datetime | None, str] = {None: "\\N"}
    for number, (stop, record_id, salt, commitment) in enumerate(batch.stops, start=batch.first):
        occurred = written.get(stop.occurred_at) or _kept(written, stop.occurred_at)
        expires = written.get(stop.expires_at) or _kept(written, stop.expires_at)
        scope = stop.scope
        channel = _CHANNELS[scope.channel] if scope.channel else ""
        purpose = _PURPOSES[scope.purpose] if scope.purpose else ""
        yield (
            f"{import_.number}\t{number}\t{stop.forms[0].hex()}\t{record_id.hex()}\t{occurred}"
            f"\t{expires}\t{stop.row}\t{stop.canonicalisation}\t{channel}\t{purpose}"
            f"\t{scope.topic}\t{_REASONS[stop.reason]}\t\\\\x{salt.hex()}"
            f"\t\\\\x{commitment.hex()}\n"
        )


def _kept(written: dict[datetime | None, str], moment: datetime | None) -> str:
    """The text of a moment, kept for the rows to come: many share one."""
    if moment is None:
        return written[None]
    return written.setdefault(moment, moment.isoformat())


def _form_lines(import_: Import, batch: Batch) -> Iterable[str]:
    for number, row in enumerate(batch.stops, start=batch.first):
        for form in row.stop.forms[1:]:
            yield f"{import_.number}\t{number}\t{form.hex()}\n"


def _insert(transaction: Transaction, table: type[Base], values: list[dict[str, Any]]) -> None:
    if values:
        transaction.execute(insert(table), values)


def _row_values(import_: Import, batch: Batch) -> list[dict[str, Any]]:
    return [
        {
            "import_number": import_.number,
            "number": number,
            "fingerprint": stop.forms[0],
            "record_id": record_id,
            "occurred_at": stop.occurred_at,
            "expires_at": stop.expires_at,
            "file_row": stop.row,
            "canonicalisation": stop.canonicalisation,
            "channel": stop.scope.channel,
            "purpose": stop.scope.purpose,
            "topic": stop.scope.topic,
            "reason": stop.reason,
            "salt": salt,
            "commitment": commitment,
        }
        for number, (stop, record_id, salt, commitment) in enumerate(batch.stops, start=batch.first)
    ]


def _form_values(import_: Import, batch: Batch) -> list[dict[str, Any]]:
    return [
        {"import_number": import_.number, "number": number, "fingerprint": form}
        for number, one in enumerate(batch.stops, start=batch.first)
        for form in one.stop.forms[1:]
    ]


def _fault_values(import_: Import, batch: Batch) -> list[dict[str, Any]]:
    return [
        {
            "import_number": import_.number,
            "file_row": fault.row,
            "column_name": fault.column,
            "reason": fault.reason,
            "change": fault.change,
        }
        for fault in batch.faults
    ]
