"""Apply and undo an import in batches: staged rows become suppressions with ledger entries.

INSERT ... SELECT writes every row whose key is free. The few others, whose key the file repeats,
are returned to the caller, which merges them one by one.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from suppression.domain.calendar.timestamps import TICK
from suppression.domain.errors import ImportStateError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.imports.model import Import
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import Scope, SuppressionRequest
from suppression.domain.vocabulary import EntryType, Evidence
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime
from suppression.storage.engine.database import Transaction
from suppression.storage.imports.tables import DbImportForm, DbImportRow
from suppression.storage.ledger.tables import DbLedgerEntry
from suppression.storage.suppressions.tables import (
    FORM_KEY,
    ROW_KEY,
    DbSuppression,
    DbSuppressionForm,
)

Key = tuple[object, ...]
"""The whole key of a suppression row; an undo reads the table in ranges of keys."""

_NOTHING: ColumnElement[Any] = literal_column("''", String)
_KEY_COLUMNS = [getattr(DbSuppression, name) for name in ROW_KEY]


def apply_staged(
    transaction: Transaction, import_: Import, context: AuditContext, *, after: int, upto: int
) -> list[SuppressionRequest]:
    """Insert the staged stops numbered `after` + 1 to `upto`, with match keys and ledger entries.

    Return, in the file's order, the stops whose key has a row already (this call may have inserted
    it): nothing is written for them. Raise ImportStateError if staged rows are missing.
    """
    row = DbImportRow
    condition = and_(row.import_number == import_.number, row.number > after, row.number <= upto)
    inserted = transaction.execute(_insert_suppressions(transaction, import_, condition)).rowcount
    skipped: list[int] = []
    if inserted < upto - after:
        skipped = list(transaction.execute(_select_not_inserted(import_, condition)).scalars())
        if inserted + len(skipped) != upto - after:
            raise ImportStateError("Staged rows of this import are missing; upload the file again.")
        condition = and_(condition, row.number.not_in(skipped))
    transaction.execute(_insert_match_keys(import_, condition))
    transaction.execute(_insert_entries(transaction, import_, condition, context))
    return _staged_requests(transaction, import_, skipped) if skipped else []


def _insert_suppressions(
    transaction: Transaction, import_: Import, condition: ColumnElement[bool]
) -> Any:  # noqa: ANN401
    row = DbImportRow
    values = {
        "fingerprint": row.fingerprint,
        "record_id": row.record_id,
        "occurred_at": row.occurred_at,
        "last_occurred_at": row.occurred_at,
        "expires_at": row.expires_at,
        "controller_number": literal(import_.controller_number, Integer),
        "channel": row.channel,
        "purpose": row.purpose,
        "topic": row.topic,
        "reason": row.reason,
        "source": literal(import_.import_id, String),
        "evidence": literal(Evidence.IMPORT, codes.EVIDENCE),
        "canonicalisation": row.canonicalisation,
        "salt": row.salt,
    }
    # In key order: neighbouring keys go into the same pages of the index.
    staged = select(*values.values()).where(condition).order_by(row.fingerprint)
    dialect = postgresql if transaction.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(DbSuppression).from_select(list(values), staged)
    return statement.on_conflict_do_nothing(index_elements=ROW_KEY)


def _select_not_inserted(import_: Import, condition: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a select
    row, listed = DbImportRow, DbSuppression
    same_key = [
        listed.source == import_.import_id if name == "source" else getattr(listed, name) == value
        for name in ROW_KEY
        for value in (getattr(row, name, None),)
    ]
    inserted = exists().where(*same_key, listed.record_id == row.record_id)
    return select(row.number).where(condition, ~inserted)


def _insert_match_keys(import_: Import, condition: ColumnElement[bool]) -> Any:  # noqa: ANN401 - an insert
    row, form = DbImportRow, DbImportForm
    values = {
        "fingerprint": form.fingerprint,
        "primary_fingerprint": row.fingerprint,
        **{name: getattr(row, name) for name in FORM_KEY[1:-1]},
        "source": literal(import_.import_id, String),
    }
    same_row = and_(form.import_number == row.import_number, form.number == row.number)
    staged = select(*values.values()).join_from(row, form, same_row).where(condition)
    return insert(DbSuppressionForm).from_select(list(values), staged)


def _insert_entries(
    transaction: Transaction, import_: Import, condition: ColumnElement[bool], context: AuditContext
) -> Any:  # noqa: ANN401 - an insert
    row = DbImportRow
    values = {
        "entry_id": _new_id(transaction),
        "record_id": row.record_id,
        "commitment": row.commitment,
        "channel": row.channel,
        "purpose": row.purpose,
        "topic": row.topic,
        "reason": row.reason,
        "occurred_at": row.occurred_at,
        "expires_at": row.expires_at,
        "source": literal(import_.import_id, String),
    } | _context_columns(import_, context, EntryType.STOP)
    staged = select(*values.values()).where(condition)
    return insert(DbLedgerEntry).from_select(list(values), staged)


def _context_columns(
    import_: Import, context: AuditContext, entry: EntryType
) -> dict[str, ColumnElement[Any]]:
    return {
        "controller_number": literal(import_.controller_number, Integer),
        "type": literal(entry, codes.ENTRY_TYPE),
        "evidence": literal(Evidence.IMPORT, codes.EVIDENCE),
        "client_class": literal("", String),
        "recorded_at": literal(context.recorded_at, UtcDateTime),
        "actor": literal(context.actor, String),
        "reference": literal(context.reference, String),
        "ref": literal(context.ref, String),
        "why": literal(context.why, codes.RELEASE_WHY) if context.why else _NOTHING,
    }


def _staged_requests(
    transaction: Transaction, import_: Import, numbers: Sequence[int]
) -> list[SuppressionRequest]:
    """Return staged stops as requests, in the file's order."""
    row, form = DbImportRow, DbImportForm
    more_fingerprints: dict[int, list[Fingerprint]] = defaultdict(list)
    for match_key in transaction.execute(
        select(form).where(form.import_number == import_.number, form.number.in_(numbers))
    ):
        more_fingerprints[match_key.number].append(Fingerprint(match_key.fingerprint))
    staged = transaction.execute(
        select(row)
        .where(row.import_number == import_.number, row.number.in_(numbers))
        .order_by(row.number)
    )
    return [
        SuppressionRequest(
            forms=(Fingerprint(stop.fingerprint), *sorted(more_fingerprints[stop.number])),
            scope=Scope(channel=stop.channel, purpose=stop.purpose, topic=stop.topic),
            reason=stop.reason,
            evidence=Evidence.IMPORT,
            occurred_at=stop.occurred_at,
            expires_at=stop.expires_at,
            source=import_.import_id,
            canonicalisation=stop.canonicalisation,
        )
        for stop in staged
    ]


def key_after(transaction: Transaction, after: Key | None, *, limit: int) -> Key | None:
    """Return the key of the suppression `limit` rows after `after`; None if there are fewer rows.

    None as `after` means the beginning of the table. The table has no index by source: an undo
    reads it by key, in ranges of a limited size.
    """
    statement = select(*_KEY_COLUMNS).order_by(*_KEY_COLUMNS).limit(1).offset(limit - 1)
    if after is not None:
        statement = statement.where(_key() > _bound(after))
    row = transaction.execute(statement).one_or_none()
    return None if row is None else tuple(row)


def release_range(
    transaction: Transaction,
    import_: Import,
    context: AuditContext,
    *,
    after: Key | None,
    upto: Key | None,
) -> int:
    """Release the import's suppressions with keys after `after` up to `upto`, with ledger entries.

    Lock them first; date the entries later than all earlier entries of these records. Return how
    many were released. None as a bound means the beginning or the end of the table.
    """
    conditions = [DbSuppression.source == import_.import_id, DbSuppression.released_at.is_(None)]
    if after is not None:
        conditions.append(_key() > _bound(after))
    if upto is not None:
        conditions.append(_key() <= _bound(upto))
    records = select(DbSuppression.record_id).where(*conditions)
    count = len(transaction.execute(records.with_for_update()).all())
    if not count:
        return 0
    last_entry_at: datetime | None = transaction.execute(
        select(func.max(DbLedgerEntry.recorded_at)).where(DbLedgerEntry.record_id.in_(records))
    ).scalar_one()
    # Later than every entry of these records.
    if last_entry_at is not None and last_entry_at >= context.recorded_at:
        context = dataclasses.replace(context, recorded_at=last_entry_at + TICK)
    transaction.execute(_insert_releases(transaction, import_, conditions, context))
    released = update(DbSuppression).where(*conditions).values(released_at=context.recorded_at)
    transaction.execute(released.execution_options(synchronize_session=False))
    return count


def _insert_releases(
    transaction: Transaction,
    import_: Import,
    conditions: Sequence[ColumnElement[bool]],
    context: AuditContext,
) -> Any:  # noqa: ANN401 - an insert
    """Return the INSERT of release entries, each with its record's newest commitment."""
    row, entry = DbSuppression, DbLedgerEntry
    newest = (
        select(entry.commitment)
        .where(entry.record_id == row.record_id)
        .order_by(entry.recorded_at.desc(), entry.entry_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    values = {
        **{name: getattr(row, name) for name in ("record_id", *ROW_KEY[1:], "expires_at")},
        "entry_id": _new_id(transaction),
        "commitment": newest,
        "occurred_at": literal(context.recorded_at, UtcDateTime),
    } | _context_columns(import_, context, EntryType.RELEASE)
    released = select(*values.values()).where(*conditions)
    return insert(DbLedgerEntry).from_select(list(values), released)


def _new_id(transaction: Transaction) -> ColumnElement[Any]:
    on_postgresql = transaction.dialect.name == "postgresql"
    random_id = func.gen_random_uuid() if on_postgresql else func.randomblob(16)
    return type_coerce(random_id, SixteenBytes)


def _key() -> Any:  # noqa: ANN401 - a row value
    return tuple_(*_KEY_COLUMNS)


def _bound(key: Key) -> Any:  # noqa: ANN401 - a row value
    types = [column.type for column in _KEY_COLUMNS]
    return tuple_(*(literal(value, type_) for value, type_ in zip(key, types, strict=True)))
