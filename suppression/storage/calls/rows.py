"""Numbers that were called, and each call: who records one holds the number's lock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select

from suppression.domain.checks.call_history import CalledNumber
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import RecordId
from suppression.domain.vocabulary import ContactEvent
from suppression.storage.calls.tables import DbContact, DbContactEvent
from suppression.storage.engine.database import Transaction, insert_if_absent


def lock_number_row(
    transaction: Transaction, wanted: CalledNumber, *, controller: int
) -> CalledNumber:
    """The number's row, made if there was none, locked until the transaction ends."""
    key = {"fingerprint": wanted.fingerprint, "channel": wanted.channel}
    values = {
        **key,
        "record_id": wanted.record_id,
        "salt": wanted.salt,
        "controller_number": controller,
    }
    insert_if_absent(transaction, DbContact, values, key=tuple(key))
    row = transaction.execute(
        select(DbContact)
        .where(DbContact.fingerprint == wanted.fingerprint, DbContact.channel == wanted.channel)
        .with_for_update()
    ).one()
    return _contact(row)


def called_numbers_under(
    transaction: Transaction, fingerprints: Collection[Fingerprint]
) -> list[CalledNumber]:
    """The numbers that were called under any of these fingerprints."""
    rows = transaction.execute(select(DbContact).where(DbContact.fingerprint.in_(fingerprints)))
    return [_contact(row) for row in rows]


def _contact(row: Row[Any]) -> CalledNumber:
    return CalledNumber(
        fingerprint=Fingerprint(row.fingerprint),
        channel=row.channel,
        record_id=RecordId(row.record_id),
        salt=row.salt,
    )


def add_call_event(
    transaction: Transaction,
    contact: CalledNumber,
    event: ContactEvent,
    *,
    event_id: bytes,
    at: datetime,
    now: datetime,
) -> bool:
    """Write an attempt, a refusal or an agreed time; False if it is there already."""
    values = {
        "fingerprint": contact.fingerprint,
        "channel": contact.channel,
        "event_id": event_id,
        "type": event,
        "at": at,
        "recorded_at": now,
    }
    key = ("fingerprint", "event_id", "channel")
    return insert_if_absent(transaction, DbContactEvent, values, key=key)


def forget_callbacks(
    transaction: Transaction,
    fingerprints: Collection[Fingerprint],
    *,
    recorded_by: datetime | None = None,
) -> None:
    """Let no time that the person agreed to before count any more; `recorded_by`: up to then."""
    agreed = delete(DbContactEvent).where(
        DbContactEvent.fingerprint.in_(fingerprints),
        DbContactEvent.type == ContactEvent.CALLBACK,
    )
    if recorded_by is not None:
        agreed = agreed.where(DbContactEvent.recorded_at <= recorded_by)
    transaction.execute(agreed)


def has_refused_since(
    transaction: Transaction, fingerprints: Collection[Fingerprint], moment: datetime
) -> bool:
    """Whether a number, under any of its fingerprints, has a refusal of a moment or later."""
    cursor_result = transaction.execute(
        select(DbContactEvent.event_id).where(
            DbContactEvent.fingerprint.in_(fingerprints),
            DbContactEvent.type == ContactEvent.REFUSED,
            DbContactEvent.at >= moment,
        )
    )
    return cursor_result.first() is not None


def has_attempt(
    transaction: Transaction, fingerprints: Collection[Fingerprint], attempt_id: bytes
) -> bool:
    """Whether a number, under any of its fingerprints, has this attempt."""
    cursor_result = transaction.execute(
        select(DbContactEvent.event_id).where(
            DbContactEvent.fingerprint.in_(fingerprints),
            DbContactEvent.event_id == attempt_id,
            DbContactEvent.type == ContactEvent.ATTEMPT,
        )
    )
    return cursor_result.first() is not None
