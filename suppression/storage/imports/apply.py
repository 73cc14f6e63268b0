"""From staged rows to the list and its ledger, and back: a batch in a few statements.

A row whose key is free goes over by INSERT ... SELECT. The few others, which the file names twice,
are handed out to be joined one by one.
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
from suppression.storage.engine import enum_codes as letters
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
"""The whole key of a row of the list, as a place to go on from."""

_NOTHING: ColumnElement[Any] = literal_column("''", String)
_KEY_COLUMNS = [getattr(DbSuppression, name) for name in ROW_KEY]


def apply_staged(
    transaction: Transaction, import_: Import, context: AuditContext, *, after: int, upto: int
) -> list[SuppressionRequest]:
    """Write the staged stops behind `after`, with their entries; those whose row was there."""
    row = DbImportRow
    mine = and_(row.import_number == import_.number, row.number > after, row.number <= upto)
    written = transaction.execute(_insert_suppressions(transaction, import_, mine)).rowcount
    left: list[int] = []
    if written < upto - after:
        left = list(transaction.execute(_is_not_written(import_, mine)).scalars())
        if written + len(left) != upto - after:
            raise ImportStateError("Staged rows of this import are missing; upload the file again.")
        mine = and_(mine, row.number.not_in(left))
    transaction.execute(_insert_match_keys(import_, mine))
    transaction.execute(_insert_entries(transaction, import_, mine, context))
    return _stops(transaction, import_, left) if left else []


def _insert_suppressions(
    transaction: Transaction, import_: Import, mine: ColumnElement[bool]
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
        "evidence": literal(Evidence.IMPORT, letters.EVIDENCE),
        "canonicalisation": row.canonicalisation,
        "salt": row.salt,
    }
    # In the order of the keys: those near each other stand near each other in the index.
    chosen = select(*values.values()).where(mine).order_by(row.fingerprint)
    dialect = postgresql if transaction.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(DbSuppression).from_select(list(values), chosen)
    return statement.on_conflict_do_nothing(index_elements=ROW_KEY)


def _is_not_written(import_: Import, mine: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a select
    row, listed = DbImportRow, DbSuppression
    same = [
        listed.source == import_.import_id if name == "source" else getattr(listed, name) == own
        for name in ROW_KEY
        for own in (getattr(row, name, None),)
    ]
    written = exists().where(*same, listed.record_id == row.record_id)
    return select(row.number).where(mine, ~written)


def _insert_match_keys(import_: Import, mine: ColumnElement[bool]) -> Any:  # noqa: ANN401 - an insert
    row, form = DbImportRow, DbImportForm
    values = {
        "fingerprint": form.fingerprint,
        "primary_fingerprint": row.fingerprint,
        **{name: getattr(row, name) for name in FORM_KEY[1:-1]},
        "source": literal(import_.import_id, String),
    }
    same = and_(form.import_number == row.import_number, form.number == row.number)
    chosen = select(*values.values()).join_from(row, form, same).where(mine)
    return insert(DbSuppressionForm).from_select(list(values), chosen)


def _insert_entries(
    transaction: Transaction, import_: Import, mine: ColumnElement[bool], context: AuditContext
) -> Any:  # noqa: ANN401 - an insert
    row = DbImportRow
    values = {
        "entry_id": _fresh_id(transaction),
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
    chosen = select(*values.values()).where(mine)
    return insert(DbLedgerEntry).from_select(list(values), chosen)


def _context_columns(
    import_: Import, context: AuditContext, entry: EntryType
) -> dict[str, ColumnElement[Any]]:
    return {
        "controller_number": literal(import_.controller_number, Integer),
        "type": literal(entry, letters.ENTRY_TYPE),
        "evidence": literal(Evidence.IMPORT, letters.EVIDENCE),
        "client_class": literal("", String),
        "recorded_at": literal(context.recorded_at, UtcDateTime),
        "actor": literal(context.actor, String),
        "reference": literal(context.reference, String),
        "ref": literal(context.ref, String),
        "why": literal(context.why, letters.RELEASE_WHY) if context.why else _NOTHING,
    }


def _stops(
    transaction: Transaction, import_: Import, numbers: Sequence[int]
) -> list[SuppressionRequest]:
    """Staged stops as stops, in the file's order."""
    row, form = DbImportRow, DbImportForm
    further: dict[int, list[Fingerprint]] = defaultdict(list)
    for one in transaction.execute(
        select(form).where(form.import_number == import_.number, form.number.in_(numbers))
    ):
        further[one.number].append(Fingerprint(one.fingerprint))
    staged = transaction.execute(
        select(row)
        .where(row.import_number == import_.number, row.number.in_(numbers))
        .order_by(row.number)
    )
    return [
        SuppressionRequest(
            forms=(Fingerprint(one.fingerprint), *sorted(further[one.number])),
            scope=Scope(channel=one.channel, purpose=one.purpose, topic=one.topic),
            reason=one.reason,
            evidence=Evidence.IMPORT,
            occurred_at=one.occurred_at,
            expires_at=one.expires_at,
            source=import_.import_id,
            canonicalisation=one.canonicalisation,
        )
        for one in staged
    ]


def key_after(transaction: Transaction, after: Key | None, *, limit: int) -> Key | None:
    """The key of the list's row `limit` rows on; None where the list ends before.

    The list has no index by source: it is walked by its key, a bounded piece at a time.
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
    """Release the import's rows of a piece of the list, with their entries; how many there were."""
    mine = [DbSuppression.source == import_.import_id, DbSuppression.released_at.is_(None)]
    if after is not None:
        mine.append(_key() > _bound(after))
    if upto is not None:
        mine.append(_key() <= _bound(upto))
    records = select(DbSuppression.record_id).where(*mine)
    held = len(transaction.execute(records.with_for_update()).all())
    if not held:
        return 0
    last: datetime | None = transaction.execute(
        select(func.max(DbLedgerEntry.recorded_at)).where(DbLedgerEntry.record_id.in_(records))
    ).scalar_one()
    if last is not None and last >= context.recorded_at:  # after all that was done to any of them
        context = dataclasses.replace(context, recorded_at=last + TICK)
    transaction.execute(_releases(transaction, import_, mine, context))
    released = update(DbSuppression).where(*mine).values(released_at=context.recorded_at)
    transaction.execute(released.execution_options(synchronize_session=False))
    return held


def _releases(
    transaction: Transaction,
    import_: Import,
    mine: Sequence[ColumnElement[bool]],
    context: AuditContext,
) -> Any:  # noqa: ANN401 - an insert
    """Entries of releases; each commits to what the newest entry of its record committed to."""
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
        "entry_id": _fresh_id(transaction),
        "commitment": newest,
        "occurred_at": literal(context.recorded_at, UtcDateTime),
    } | _context_columns(import_, context, EntryType.RELEASE)
    chosen = select(*values.values()).where(*mine)
    return insert(DbLedgerEntry).from_select(list(values), chosen)


def _fresh_id(transaction: Transaction) -> ColumnElement[Any]:
    on_postgresql = transaction.dialect.name == "postgresql"
    fresh = func.gen_random_uuid() if on_postgresql else func.randomblob(16)
    return type_coerce(fresh, SixteenBytes)


def _key() -> Any:  # noqa: ANN401 - a row value
    return tuple_(*_KEY_COLUMNS)


def _bound(key: Key) -> Any:  # noqa: ANN401 - a row value
    types = [column.type for column in _KEY_COLUMNS]
    return tuple_(*(literal(one, kind) for one, kind in zip(key, types, strict=True)))
