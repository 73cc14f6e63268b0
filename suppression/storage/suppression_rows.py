"""Suppression rows, read for a change and written back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    literal,
    select,
    union,
    update,
)

from suppression.domain.fingerprints import Fingerprint
from suppression.domain.suppressions import Extent, RecordId, Stop, Suppression
from suppression.storage.database import Transaction, insert_if_absent
from suppression.storage.suppression_tables import (
    FORM_KEY,
    OF_CASES,
    ROW_KEY,
    DbSuppression,
    DbSuppressionForm,
)

_RowKey = tuple[object, ...]


def row_columns(row: Suppression, controller: int) -> dict[str, object]:
    """A row as its table has it."""
    own = {"record_id": row.record_id, "salt": row.salt, "controller_number": controller}
    return _key_columns(row) | _state_columns(row) | own


def form_columns(row: Suppression, form: Fingerprint) -> dict[str, object]:
    """A further form of a row as its table has it."""
    return {"fingerprint": form, **dict(zip(FORM_KEY, _key_columns(row).values(), strict=True))}


def suppression_for_update(transaction: Transaction, stop: Stop) -> Suppression:
    """The row that a repeated stop finds, locked until the transaction ends."""
    statement = select(DbSuppression).where(_is_row(stop)).with_for_update()
    return _suppressions(transaction, statement)[0]


def suppressions_under(
    transaction: Transaction, fingerprints: Collection[Fingerprint], *, for_update: bool
) -> list[Suppression]:
    """Every row, released ones too, that any of these fingerprints is a form of."""
    primaries = union(
        select(DbSuppression.fingerprint).where(DbSuppression.fingerprint.in_(fingerprints)),
        select(DbSuppressionForm.primary_fingerprint).where(
            DbSuppressionForm.fingerprint.in_(fingerprints)
        ),
    )
    found = [primary for (primary,) in transaction.execute(primaries)]
    if not found:
        return []
    columns = [getattr(DbSuppression, name) for name in ROW_KEY]
    statement = select(DbSuppression).where(DbSuppression.fingerprint.in_(found)).order_by(*columns)
    rows = _suppressions(transaction, statement.with_for_update() if for_update else statement)
    return [row for row in rows if not set(fingerprints).isdisjoint(row.forms)]


def suppressions_of_cases(
    transaction: Transaction, record_ids: Collection[RecordId], *, for_update: bool
) -> list[Suppression]:
    """The rows of these records, which cases made, released ones too."""
    columns = [getattr(DbSuppression, name) for name in ROW_KEY]
    of_them = DbSuppression.record_id.in_(record_ids)
    statement = select(DbSuppression).where(of_them, OF_CASES).order_by(*columns)
    return _suppressions(transaction, statement.with_for_update() if for_update else statement)


def rows_of_source(
    transaction: Transaction, source: str, fingerprints: Collection[Fingerprint]
) -> list[Suppression]:
    """An import's rows under these primary fingerprints, locked, in the order of their keys."""
    columns = [getattr(DbSuppression, name) for name in ROW_KEY]
    statement = select(DbSuppression).where(
        DbSuppression.fingerprint.in_(fingerprints), DbSuppression.source == source
    )
    return _suppressions(transaction, statement.order_by(*columns).with_for_update())


def save_suppression(transaction: Transaction, row: Suppression, *, before: Suppression) -> None:
    """Write back what changed of a row that was read for update as `before`."""
    gone = set(before.forms) - set(row.forms)
    if gone:
        _remove_forms(transaction, row, gone)
    transaction.execute(update(DbSuppression).where(_is_row(row)).values(_state_columns(row)))
    _add_forms(transaction, row)


def _suppressions(transaction: Transaction, statement: Select[Any]) -> list[Suppression]:
    rows = transaction.execute(statement).all()
    further: dict[_RowKey, list[Fingerprint]] = defaultdict(list)
    for form in transaction.execute(
        select(DbSuppressionForm)
        .where(DbSuppressionForm.primary_fingerprint.in_([row.fingerprint for row in rows]))
        .order_by(DbSuppressionForm.fingerprint)
    ):
        key = tuple(getattr(form, name) for name in FORM_KEY)
        further[key].append(Fingerprint(form.fingerprint))
    return [
        _suppression(row, further[tuple(getattr(row, name) for name in ROW_KEY)]) for row in rows
    ]


def _suppression(row: Row[Any], further: list[Fingerprint]) -> Suppression:
    return Suppression(
        record_id=RecordId(row.record_id),
        salt=row.salt,
        forms=(Fingerprint(row.fingerprint), *further),
        extent=Extent(channel=row.channel, purpose=row.purpose, topic=row.topic),
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


def _remove_forms(
    transaction: Transaction, row: Suppression, gone: Collection[Fingerprint]
) -> None:
    columns = DbSuppressionForm.__table__.columns
    key = zip(FORM_KEY, _key_columns(row).values(), strict=True)
    mine = [columns[name] == literal(value, columns[name].type) for name, value in key]
    transaction.execute(
        delete(DbSuppressionForm).where(*mine, DbSuppressionForm.fingerprint.in_(gone))
    )


def _is_row(row: Suppression | Stop) -> ColumnElement[bool]:
    """The row's key as a condition. A bound None is compared as ''; a bare one would be IS NULL."""
    columns = DbSuppression.__table__.columns
    return and_(
        *(
            columns[name] == literal(value, columns[name].type)
            for name, value in _key_columns(row).items()
        )
    )


def _key_columns(row: Suppression | Stop) -> dict[str, object]:
    return {
        "fingerprint": row.primary,
        "channel": row.extent.channel,
        "purpose": row.extent.purpose,
        "topic": row.extent.topic,
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
