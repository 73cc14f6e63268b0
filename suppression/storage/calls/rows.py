"""SQL statements for called numbers and call events; lock a number before recording an event."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, not_, select

from suppression.domain.checks.call_history import CalledNumber
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import RecordId
from suppression.domain.vocabulary import ContactEvent
from suppression.storage.calls.tables import ARE_AGREED_TIMES, DbContact, DbContactEvent
from suppression.storage.engine.database import Transaction, insert_if_absent


def lock_number_row(
    transaction: Transaction, number: CalledNumber, *, controller: int
) -> CalledNumber:
    """Insert the number's row if absent; lock it until the transaction ends; return it as stored.

    `controller` is the controller's number.
    """
    key = {"fingerprint": number.fingerprint, "channel": number.channel}
    values = {
        **key,
        "record_id": number.record_id,
        "salt": number.salt,
        "controller_number": controller,
    }
    insert_if_absent(transaction, DbContact, values, key=tuple(key))
    row = transaction.execute(
        select(DbContact)
        .where(DbContact.fingerprint == number.fingerprint, DbContact.channel == number.channel)
        .with_for_update()
    ).one()
    return _called_number(row)


def called_numbers_under(
    transaction: Transaction, fingerprints: Collection[Fingerprint]
) -> list[CalledNumber]:
    """Return the called numbers on record under any of these fingerprints, on every channel."""
    rows = transaction.execute(select(DbContact).where(DbContact.fingerprint.in_(fingerprints)))
    return [_called_number(row) for row in rows]


def _called_number(row: Row[Any]) -> CalledNumber:
    return CalledNumber(
        fingerprint=Fingerprint(row.fingerprint),
        channel=row.channel,
        record_id=RecordId(row.record_id),
        salt=row.salt,
    )


def add_call_event(  # noqa: PLR0913 - what an event is made of
    transaction: Transaction,
    number: CalledNumber,
    event: ContactEvent,
    *,
    event_id: bytes,
    at: datetime,
    agreed_at: datetime | None,
    now: datetime,
) -> bool:
    """Insert a call event; return False if the number has an event with this id already.

    `at` is when an attempt or refusal happened, or the agreed time itself. `agreed_at` is when the
    person agreed to that time, None for other events. `now` is stored as the time of recording. The
    caller must hold the number's row lock.
    """
    values = {
        "fingerprint": number.fingerprint,
        "channel": number.channel,
        "event_id": event_id,
        "type": event,
        "at": at,
        "recorded_at": now,
        "agreed_at": agreed_at,
    }
    key = ("fingerprint", "event_id", "channel")
    return insert_if_absent(transaction, DbContactEvent, values, key=key)


def forget_callbacks(
    transaction: Transaction,
    fingerprints: Collection[Fingerprint],
    *,
    agreed_by: datetime | None = None,
) -> None:
    """Delete the agreed call times under any of these fingerprints.

    With `agreed_by`, delete only those that the person agreed to at that instant or earlier; where
    that date is unknown, the date of recording counts.
    """
    statement = delete(DbContactEvent).where(
        DbContactEvent.fingerprint.in_(fingerprints),
        DbContactEvent.type == ContactEvent.CALLBACK,
    )
    if agreed_by is not None:
        statement = statement.where(_agreed_by(agreed_by))
    transaction.execute(statement)


def callback_since(transaction: Transaction, controller: Controller, since: datetime) -> bool:
    """Return whether an agreed call time of the controller was recorded after `since`.

    A time counts as long as it is on record, also one that the person agreed to before `since`.
    """
    of_number = and_(
        DbContact.fingerprint == DbContactEvent.fingerprint,
        DbContact.channel == DbContactEvent.channel,
    )
    statement = (
        select(DbContactEvent.event_id)
        .join(DbContact, of_number)
        .where(
            ARE_AGREED_TIMES,
            DbContactEvent.recorded_at > since,
            DbContact.controller_number == controller.number,
        )
    )
    return transaction.execute(statement.limit(1)).first() is not None


def has_callback(
    transaction: Transaction,
    fingerprints: Collection[Fingerprint],
    *,
    agreed_by: datetime | None = None,
) -> bool:
    """Return whether an agreed call time is on record under any of these fingerprints.

    With `agreed_by`, count only those that the person agreed to at that instant or earlier; where
    that date is unknown, the date of recording counts.
    """
    statement = select(DbContactEvent.event_id).where(
        DbContactEvent.fingerprint.in_(fingerprints),
        DbContactEvent.type == ContactEvent.CALLBACK,
    )
    if agreed_by is not None:
        statement = statement.where(_agreed_by(agreed_by))
    return transaction.execute(statement.limit(1)).first() is not None


def has_agreed_since(
    transaction: Transaction, fingerprints: Collection[Fingerprint], instant: datetime
) -> bool:
    """Return whether a call time agreed to after `instant` is on record under these fingerprints.

    Where the date of agreement is unknown, the date of recording counts.
    """
    statement = select(DbContactEvent.event_id).where(
        DbContactEvent.fingerprint.in_(fingerprints),
        DbContactEvent.type == ContactEvent.CALLBACK,
        not_(_agreed_by(instant)),
    )
    return transaction.execute(statement.limit(1)).first() is not None


def _agreed_by(instant: datetime) -> ColumnElement[bool]:
    """Return the SQL condition that the person agreed at `instant` or earlier.

    Where that date is unknown, the date of recording counts.
    """
    agreed_at = func.coalesce(DbContactEvent.agreed_at, DbContactEvent.recorded_at)
    return agreed_at <= instant


def has_refused_since(
    transaction: Transaction, fingerprints: Collection[Fingerprint], since: datetime
) -> bool:
    """Return whether a refusal dated `since` or later is on record under any of `fingerprints`."""
    cursor_result = transaction.execute(
        select(DbContactEvent.event_id).where(
            DbContactEvent.fingerprint.in_(fingerprints),
            DbContactEvent.type == ContactEvent.REFUSED,
            DbContactEvent.at >= since,
        )
    )
    return cursor_result.first() is not None


def has_attempt(
    transaction: Transaction, fingerprints: Collection[Fingerprint], attempt_id: bytes
) -> bool:
    """Return whether an attempt with this id is on record under any of the fingerprints."""
    cursor_result = transaction.execute(
        select(DbContactEvent.event_id).where(
            DbContactEvent.fingerprint.in_(fingerprints),
            DbContactEvent.event_id == attempt_id,
            DbContactEvent.type == ContactEvent.ATTEMPT,
        )
    )
    return cursor_result.first() is not None
