"""SQL statements that append and read ledger entries, which are never changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select

from suppression.domain.controllers.model import Controller
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry
from suppression.domain.suppressions.model import RecordId, Scope
from suppression.domain.vocabulary import ClientClass, EntryType, Evidence
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.tables import DbLedgerEntry

_INSERT_ENTRY = insert(DbLedgerEntry)
_BY_LINK = "link"
_REOPENINGS = frozenset({EntryType.RELEASE, EntryType.CONSENT, EntryType.CONSENT_ENDED})


def append_entries(
    transaction: Transaction, entries: Sequence[LedgerEntry], *, controller: int
) -> None:
    """Insert entries of a controller, in the transaction of the change that they record."""
    if entries:
        transaction.execute(_INSERT_ENTRY, [entry_columns(entry, controller) for entry in entries])


def entries_about_records(
    transaction: Transaction, record_ids: Collection[RecordId]
) -> list[LedgerEntry]:
    """Return the entries with these record ids, oldest first."""
    statement = (
        select(DbLedgerEntry)
        .where(DbLedgerEntry.record_id.in_(record_ids))
        .order_by(DbLedgerEntry.recorded_at, DbLedgerEntry.entry_id)
    )
    return [_entry(row) for row in transaction.execute(statement)]


def released_since(
    transaction: Transaction, record_ids: Collection[RecordId], since: datetime
) -> bool:
    """Return whether a release of one of these records was recorded at `since` or later."""
    statement = select(DbLedgerEntry.entry_id).where(
        DbLedgerEntry.record_id.in_(record_ids),
        DbLedgerEntry.type == EntryType.RELEASE,
        DbLedgerEntry.recorded_at >= since,
    )
    return transaction.execute(statement.limit(1)).first() is not None


def entries_about_nobody(
    transaction: Transaction,
    controller: Controller,
    types: Collection[EntryType],
    *,
    before: EntryId | None,
    limit: int,
) -> list[LedgerEntry]:
    """Return a controller's newest entries of these types without a record id, newest first.

    Return at most `limit` of them; with `before`, only older ones; none if that entry is unknown.
    """
    row = DbLedgerEntry
    statement = (
        select(row)
        .where(row.record_id.is_(None), row.controller_number == controller.number)
        .where(row.type.in_(types))
        .order_by(row.recorded_at.desc(), row.entry_id.desc())
        .limit(limit)
    )
    if before is not None:
        before_at = select(row.recorded_at).where(row.entry_id == before).scalar_subquery()
        same_time = and_(row.recorded_at == before_at, row.entry_id < before)
        statement = statement.where(or_(row.recorded_at < before_at, same_time))
    return [_entry(entry_row) for entry_row in transaction.execute(statement)]


def entry_columns(entry: LedgerEntry, controller: int) -> dict[str, object]:
    """Return the column values of an entry, by column name.

    Evidence.REOPENING is stored as Evidence.LINK_PAGE: the service's previous version fails on a
    code that it does not know. While both versions run, and after a downgrade, it would refuse
    stops that come from a preference page.
    """
    reopening = entry.evidence is Evidence.REOPENING
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
        "evidence": Evidence.LINK_PAGE if reopening else entry.evidence,
        "client_class": entry.context.client_class or "",
        "occurred_at": entry.occurred_at,
        "expires_at": entry.expires_at,
        "recorded_at": entry.context.recorded_at,
        "agreed_at": entry.agreed_at,
        "actor": entry.context.actor,
        "reference": entry.context.reference,
        "ref": entry.context.ref,
        "why": entry.context.why,
    }


def _evidence(row: Row[Any]) -> Evidence | None:
    """Return the evidence of an entry; None for an entry without any, such as a policy change.

    It is REOPENING for a release, a consent or the end of a consent by a link, whatever is stored.
    """
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
        agreed_at=row.agreed_at,
    )
