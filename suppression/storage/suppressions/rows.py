"""SQL statements that find, lock and update suppressions together with their match keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    collate,
    delete,
    insert,
    literal,
    select,
    union,
    update,
)

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import RecordId, Scope, Suppression, SuppressionRequest
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.database import Transaction, insert_if_absent
from suppression.storage.suppressions.tables import (
    FORM_KEY,
    OF_CASES,
    ROW_KEY,
    DbSuppression,
    DbSuppressionForm,
)

_RowKey = tuple[object, ...]


def row_columns(row: Suppression, controller: int) -> dict[str, object]:
    """Return the column values of a suppression, by column name."""
    own = {"record_id": row.record_id, "salt": row.salt, "controller_number": controller}
    return _key_columns(row) | _state_columns(row) | own


def form_columns(row: Suppression, form: Fingerprint) -> dict[str, object]:
    """Return the column values of a further match key of a suppression, by column name."""
    return {"fingerprint": form, **dict(zip(FORM_KEY, _key_columns(row).values(), strict=True))}


def row_order(stop: SuppressionRequest) -> tuple[object, ...]:
    """Return the key by which stops are sorted before their rows are locked or inserted."""
    return (
        stop.primary,
        codes.CHANNEL.encode(stop.scope.channel),
        codes.PURPOSE.encode(stop.scope.purpose),
        stop.scope.topic,
        codes.REASON.encode(stop.reason),
        stop.source,
    )


def _row_order(transaction: Transaction) -> list[ColumnElement[Any]]:
    """Return the columns by which rows are sorted before they are locked, as `row_order` does.

    Texts are compared by byte, as in Python: the server's locale may have another order.
    """
    columns = [getattr(DbSuppression, name) for name in ROW_KEY]
    if transaction.dialect.name != "postgresql":
        return columns
    return [columns[0], *(collate(column, "C") for column in columns[1:])]


def lock_suppression(transaction: Transaction, stop: SuppressionRequest) -> Suppression:
    """Lock and return the row with the key of this stop; raise IndexError if there is none."""
    statement = select(DbSuppression).where(_is_row(stop)).with_for_update()
    return _suppressions(transaction, statement)[0]


def find_suppressions(
    transaction: Transaction, fingerprints: Collection[Fingerprint], *, for_update: bool
) -> list[Suppression]:
    """Return all suppressions with any of these match keys; lock them if `for_update`.

    Released and expired ones are included. `for_update` locks all other rows under their primary
    match keys too.
    """
    primaries = union(
        select(DbSuppression.fingerprint).where(DbSuppression.fingerprint.in_(fingerprints)),
        select(DbSuppressionForm.primary_fingerprint).where(
            DbSuppressionForm.fingerprint.in_(fingerprints)
        ),
    )
    primary_fingerprints = [primary for (primary,) in transaction.execute(primaries)]
    if not primary_fingerprints:
        return []
    statement = (
        select(DbSuppression)
        .where(DbSuppression.fingerprint.in_(primary_fingerprints))
        .order_by(*_row_order(transaction))
    )
    rows = _suppressions(transaction, statement.with_for_update() if for_update else statement)
    return [row for row in rows if not set(fingerprints).isdisjoint(row.forms)]


def find_suppressions_of_cases(
    transaction: Transaction, record_ids: Collection[RecordId], *, for_update: bool
) -> list[Suppression]:
    """Return the suppressions with these record ids that cases made; lock them if `for_update`.

    Released and expired ones are included.
    """
    has_record_id = DbSuppression.record_id.in_(record_ids)
    statement = select(DbSuppression).where(has_record_id, OF_CASES)
    statement = statement.order_by(*_row_order(transaction))
    return _suppressions(transaction, statement.with_for_update() if for_update else statement)


def lock_rows_of_source(
    transaction: Transaction, source: str, fingerprints: Collection[Fingerprint]
) -> list[Suppression]:
    """Lock and return the rows of `source` under these primary fingerprints, in key order."""
    statement = select(DbSuppression).where(
        DbSuppression.fingerprint.in_(fingerprints), DbSuppression.source == source
    )
    statement = statement.order_by(*_row_order(transaction)).with_for_update()
    return _suppressions(transaction, statement)


def save_suppression(transaction: Transaction, row: Suppression, *, before: Suppression) -> None:
    """Update a row that the caller has locked and read as `before`; add its new match keys.

    If `row` has another record id than `before`, it is a new record: first move `before` and its
    match keys to a row of their own, whose source is `before.source_set_aside`.
    """
    if row.record_id != before.record_id:
        _set_aside(transaction, before)
        _remove_forms(transaction, before)
    record = {"record_id": row.record_id, "salt": row.salt}
    transaction.execute(
        update(DbSuppression).where(_is_row(row)).values(_state_columns(row) | record)
    )
    _add_forms(transaction, row)


def _suppressions(transaction: Transaction, statement: Select[Any]) -> list[Suppression]:
    rows = transaction.execute(statement).all()
    more_fingerprints: dict[_RowKey, list[Fingerprint]] = defaultdict(list)
    for form in transaction.execute(
        select(DbSuppressionForm)
        .where(DbSuppressionForm.primary_fingerprint.in_([row.fingerprint for row in rows]))
        .order_by(DbSuppressionForm.fingerprint)
    ):
        key = tuple(getattr(form, name) for name in FORM_KEY)
        more_fingerprints[key].append(Fingerprint(form.fingerprint))
    return [
        _suppression(row, more_fingerprints[tuple(getattr(row, name) for name in ROW_KEY)])
        for row in rows
    ]


def _suppression(row: Row[Any], more_fingerprints: list[Fingerprint]) -> Suppression:
    return Suppression(
        record_id=RecordId(row.record_id),
        salt=row.salt,
        forms=(Fingerprint(row.fingerprint), *more_fingerprints),
        scope=Scope(channel=row.channel, purpose=row.purpose, topic=row.topic),
        reason=row.reason,
        source=row.source,
        evidence=row.evidence,
        occurred_at=row.occurred_at,
        last_occurred_at=row.last_occurred_at,
        expires_at=row.expires_at,
        released_at=row.released_at,
        canonicalisation=row.canonicalisation,
        consents_void_until=row.consents_void_until,
    )


def _add_forms(transaction: Transaction, row: Suppression) -> None:
    for form in row.forms[1:]:
        values = form_columns(row, form)
        insert_if_absent(transaction, DbSuppressionForm, values, key=("fingerprint", *FORM_KEY))


def _set_aside(transaction: Transaction, row: Suppression) -> None:
    """Copy a row and its match keys; the source of the copies is `row.source_set_aside`."""
    for table, is_of_row in ((DbSuppression, _is_row(row)), (DbSuppressionForm, _is_form(row))):
        columns = {column.name: column for column in table.__table__.columns}
        columns["source"] = literal(row.source_set_aside, String).label("source")
        copies = select(*columns.values()).where(is_of_row)
        transaction.execute(insert(table).from_select(list(columns), copies))


def _remove_forms(transaction: Transaction, row: Suppression) -> None:
    transaction.execute(delete(DbSuppressionForm).where(_is_form(row)))


def _is_row(row: Suppression | SuppressionRequest) -> ColumnElement[bool]:
    return _has_key(DbSuppression, ROW_KEY, row)


def _is_form(row: Suppression) -> ColumnElement[bool]:
    return _has_key(DbSuppressionForm, FORM_KEY, row)


def _has_key(
    table: type[Base], names: tuple[str, ...], row: Suppression | SuppressionRequest
) -> ColumnElement[bool]:
    """Return the SQL condition that a row of `table` has the key of `row` in the columns `names`.

    The values are bound, so that None is compared as '' and not as IS NULL.
    """
    columns = table.__table__.columns
    values = zip(names, _key_columns(row).values(), strict=True)
    return and_(*(columns[name] == literal(value, columns[name].type) for name, value in values))


def _key_columns(row: Suppression | SuppressionRequest) -> dict[str, object]:
    return {
        "fingerprint": row.primary,
        "channel": row.scope.channel,
        "purpose": row.scope.purpose,
        "topic": row.scope.topic,
        "reason": row.reason,
        "source": row.source,
    }


def _state_columns(row: Suppression) -> dict[str, object]:
    return {
        "evidence": row.evidence,
        "occurred_at": row.occurred_at,
        "last_occurred_at": row.last_occurred_at,
        "expires_at": row.expires_at,
        "released_at": row.released_at,
        "canonicalisation": row.canonicalisation,
        "consents_void_until": row.consents_void_until,
    }
