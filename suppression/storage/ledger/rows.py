"""The ledger: entries go in and are read; nothing changes one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select

from suppression.domain.controllers.model import Controller
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry
from suppression.domain.suppressions.model import RecordId, Scope
from suppression.domain.vocabulary import ClientClass, EntryType, Evidence
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.tables import DbLedgerEntry

_ENTER = insert(DbLedgerEntry)
_BY_LINK = "link"
_REOPENINGS = frozenset({EntryType.RELEASE, EntryType.CONSENT, EntryType.CONSENT_ENDED})


def append_entries(
    transaction: Transaction, entries: Sequence[LedgerEntry], *, controller: int
) -> None:
    """Write entries in the transaction of the change that they record."""
    if entries:
        transaction.execute(_ENTER, [entry_columns(entry, controller) for entry in entries])


def entries_about_records(
    transaction: Transaction, record_ids: Collection[RecordId]
) -> list[LedgerEntry]:
    """The history of these records, oldest first."""
    statement = (
        select(DbLedgerEntry)
        .where(DbLedgerEntry.record_id.in_(record_ids))
        .order_by(DbLedgerEntry.recorded_at, DbLedgerEntry.entry_id)
    )
    return [_entry(row) for row in transaction.execute(statement)]


def entries_about_nobody(
    transaction: Transaction,
    controller: Controller,
    types: Collection[EntryType],
    *,
    before: EntryId | None,
    most: int,
) -> list[LedgerEntry]:
    """Entries of these types without a record, newest first; `before`: those that follow it."""
    row = DbLedgerEntry
    statement = (
        select(row)
        .where(row.record_id.is_(None), row.controller_number == controller.number)
        .where(row.type.in_(types))
        .order_by(row.recorded_at.desc(), row.entry_id.desc())
        .limit(most)
    )
    if before is not None:
        last = select(row.recorded_at).where(row.entry_id == before).scalar_subquery()
        same = and_(row.recorded_at == last, row.entry_id < before)
        statement = statement.where(or_(row.recorded_at < last, same))
    return [_entry(one) for one in transaction.execute(statement)]


def entry_columns(entry: LedgerEntry, controller: int) -> dict[str, object]:
    """An entry as its table has it."""
    return {
        "entry_id": entry.entry_id,
        "record_id": entry.record_id,
        "commitment": entry.commitment,
        "controller_number": controller,
        "type": entry.type,
        "channel": entry.scope.channel,
        "purpose": entry.scope.purpose,
        "topic": entry.scope.topic,
        "reason": entry.reason,
        "source": entry.source,
        "evidence": _written(entry.evidence),
        "client_class": entry.context.client_class or "",
        "occurred_at": entry.occurred_at,
        "expires_at": entry.expires_at,
        "recorded_at": entry.context.recorded_at,
        "actor": entry.context.actor,
        "reference": entry.context.reference,
        "ref": entry.context.ref,
        "why": entry.context.why,
    }


def _written(evidence: Evidence | None) -> Evidence | None:
    """The evidence as the version before can read it: it fails at a letter that it does not know.

    While both run, and after a step back, it would refuse the stop of a choices page for it.
    """
    return Evidence.LINK_PAGE if evidence is Evidence.REOPENING else evidence


def _evidence(row: Row[Any]) -> Evidence | None:
    """The evidence of an entry: what lifts by a link, and a consent by one, is a reopening."""
    if row.actor == _BY_LINK and row.type in _REOPENINGS:
        return Evidence.REOPENING
    evidence: Evidence | None = row.evidence
    return evidence


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        entry_id=EntryId(row.entry_id),
        type=row.type,
        record_id=RecordId(row.record_id) if row.record_id else None,
        commitment=row.commitment,
        scope=Scope(channel=row.channel, purpose=row.purpose, topic=row.topic),
        reason=row.reason,
        source=row.source,
        evidence=_evidence(row),
        occurred_at=row.occurred_at,
        expires_at=row.expires_at,
        context=AuditContext(
            actor=row.actor,
            recorded_at=row.recorded_at,
            reference=row.reference,
            ref=row.ref,
            why=row.why,
            client_class=ClientClass(row.client_class) if row.client_class else None,
        ),
    )
