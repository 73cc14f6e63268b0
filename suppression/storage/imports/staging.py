"""Staged rows of imports: inserted while a file is read, counted, and deleted after use.

PostgreSQL inserts them by COPY, which is several times as fast as INSERT; SQLite by executemany.
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
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.database import Transaction, unavailable_error
from suppression.storage.engine.deadlines import timed_connection
from suppression.storage.imports.tables import DbImportFault, DbImportForm, DbImportRow
from suppression.storage.suppressions.tables import DbSuppression

_ROW_COLUMNS = (
    *("import_number", "number", "fingerprint", "record_id", "occurred_at", "expires_at"),
    *("file_row", "canonicalisation", "channel", "purpose", "topic", "reason", "salt"),
    "commitment",
)
_FORM_COLUMNS = ("import_number", "number", "fingerprint")
_CHANNELS = dict(codes.CHANNEL.codes)
_PURPOSES = dict(codes.PURPOSE.codes)
_REASONS = dict(codes.REASON.codes)
_PATIENCE_MS = 60_000


class StagedRow(NamedTuple):
    """A staged stop, its future row's id and salt, and its future ledger entry's commitment."""

    stop: StagedSuppression
    record_id: bytes
    salt: bytes
    commitment: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """The stops and invalid rows of a part of a file. `first` is the number of the first stop."""

    first: int
    stops: Sequence[StagedRow]
    faults: Sequence[RowFault]


def extend_timeouts(transaction: Transaction) -> None:
    """Set this transaction's time-outs on PostgreSQL to a minute: a batch may outlast a request."""
    if transaction.dialect.name == "postgresql":
        for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            transaction.execute(text(f"SET LOCAL {setting} = {_PATIENCE_MS}"))
        timed_connection(transaction).patience = _PATIENCE_MS / 1000  # until it commits


def add_staged(transaction: Transaction, import_: Import, batch: Batch) -> None:
    """Insert the staged stops and the invalid rows of a batch.

    Raise DatabaseUnavailableError for an outage.
    """
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
    """Return how many file rows of this batch bring a stop that is not in force yet.

    `batch` must be the one stored last. A stop is in force if a suppression in force at `now` has
    its primary fingerprint, channel, purpose and topic, for whatever reason.
    """
    row, listed = DbImportRow, DbSuppression
    in_force = or_(listed.expires_at.is_(None), listed.expires_at >= now)
    same_stop = and_(
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
        ~exists().where(same_stop),
    )
    return transaction.execute(statement).scalar_one()


def clear_staged(transaction: Transaction, import_: Import, *, limit: int) -> bool:
    """Delete up to `limit` staged stops with their match keys; return True if there was none.

    A call that deletes the last ones still returns False.
    """
    row, form = DbImportRow, DbImportForm
    highest = _highest_number(transaction, import_, row.number, limit)
    if highest is None:
        return True
    for table in (form, row):
        conditions = (table.import_number == import_.number, table.number <= highest)
        transaction.execute(delete(table).where(*conditions))
    return False


def clear_faults(transaction: Transaction, import_: Import, *, limit: int) -> bool:
    """Delete the records of up to `limit` invalid rows; return True if there was none.

    A call that deletes the last ones still returns False.
    """
    fault = DbImportFault
    highest = _highest_number(transaction, import_, fault.file_row, limit)
    if highest is None:
        return True
    conditions = (fault.import_number == import_.number, fault.file_row <= highest)
    transaction.execute(delete(fault).where(*conditions))
    return False


def _highest_number(
    transaction: Transaction, import_: Import, number: InstrumentedAttribute[int], limit: int
) -> int | None:
    """Return the highest of an import's first `limit` row numbers; None if no row is left."""
    condition = number.class_.import_number == import_.number
    first = select(number.label("number")).where(condition).order_by(number).limit(limit).subquery()
    highest: int | None = transaction.execute(select(func.max(first.c.number))).scalar_one()
    return highest


def _copy(
    transaction: Transaction, table: str, columns: Sequence[str], lines: Iterable[str]
) -> None:
    """Insert lines by COPY; raise DatabaseUnavailableError for an outage.

    The driver's errors bypass SQLAlchemy here.
    """
    connection: Any = transaction.connection.driver_connection
    text_stream = io.StringIO("".join(lines))
    try:
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text_stream)
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        raise unavailable_error(error) from error


def _row_lines(import_: Import, batch: Batch) -> Iterable[str]:
    texts: dict[datetime | None, str] = {None: "\\N"}
    for number, (stop, record_id, salt, commitment) in enumerate(batch.stops, start=batch.first):
        occurred = texts.get(stop.occurred_at) or _cached_text(texts, stop.occurred_at)
        expires = texts.get(stop.expires_at) or _cached_text(texts, stop.expires_at)
        scope = stop.scope
        channel = _CHANNELS[scope.channel] if scope.channel else ""
        purpose = _PURPOSES[scope.purpose] if scope.purpose else ""
        yield (
            f"{import_.number}\t{number}\t{stop.forms[0].hex()}\t{record_id.hex()}\t{occurred}"
            f"\t{expires}\t{stop.row}\t{stop.canonicalisation}\t{channel}\t{purpose}"
            f"\t{scope.topic}\t{_REASONS[stop.reason]}\t\\\\x{salt.hex()}"
            f"\t\\\\x{commitment.hex()}\n"
        )


def _cached_text(texts: dict[datetime | None, str], instant: datetime | None) -> str:
    """Return a datetime as ISO text, cached in `texts` because many rows share a date."""
    if instant is None:
        return texts[None]
    return texts.setdefault(instant, instant.isoformat())


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
        for number, row in enumerate(batch.stops, start=batch.first)
        for form in row.stop.forms[1:]
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
