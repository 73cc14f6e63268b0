"""Record call events: lock the number, then store the event and its ledger entry.

`at` is when an attempt or a refusal happened, or the agreed time of a callback; `agreed_at` is when
the person agreed to that time. An event whose id the number already has is not stored again.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from suppression.domain.checks.call_history import CalledNumber
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry, commitment
from suppression.domain.suppressions.model import RecordId, Scope
from suppression.domain.vocabulary import (
    Channel,
    ContactEvent,
    EntryType,
    Evidence,
    Purpose,
)
from suppression.storage.calls.rows import add_call_event, lock_number_row
from suppression.storage.engine.advisory_locks import LockedWork, lock_fingerprints
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import append_entries
from suppression.usecases.ledger.append import new_id

_ENTRY_OF = {
    ContactEvent.ATTEMPT: EntryType.ATTEMPT,
    ContactEvent.REFUSED: EntryType.REFUSED,
    ContactEvent.CALLBACK: EntryType.CALLBACK,
}


def lock_called_number(
    transaction: Transaction, controller: Controller, subject: Subject, channel: Channel
) -> CalledNumber:
    """Return the row of a called number, locked until the transaction ends.

    The row is created if it is absent. All other forms of the number, such as the one before a
    renumbering, are locked too, under every master key, because calls to any of them count
    together.
    """
    lock_fingerprints(transaction, subject.lookup_fingerprints, LockedWork.CALLS)
    fresh = CalledNumber(
        fingerprint=subject.forms[0].versions[-1],
        channel=channel,
        record_id=RecordId(new_id()),
        salt=secrets.token_bytes(32),
    )
    return lock_number_row(transaction, fresh, controller=controller.number)


def record_call_event(  # noqa: PLR0913 - what an event is made of
    transaction: Transaction,
    controller: Controller,
    contact: CalledNumber,
    event: ContactEvent,
    *,
    event_id: bytes,
    at: datetime,
    context: AuditContext,
    agreed_at: datetime | None = None,
) -> bool:
    """Store a call event and its ledger entry; return False if the number has one with this id."""
    added = add_call_event(
        transaction,
        contact,
        event,
        event_id=event_id,
        at=at,
        agreed_at=agreed_at,
        now=context.recorded_at,
    )
    if added:
        entry = LedgerEntry(
            entry_id=EntryId(new_id()),
            type=_ENTRY_OF[event],
            record_id=contact.record_id,
            commitment=commitment(contact.salt, [contact.fingerprint]),
            scope=Scope(channel=contact.channel, purpose=Purpose.MARKETING),
            reason=None,
            source="",
            evidence=Evidence.API,
            occurred_at=at,
            expires_at=None,
            context=context,
            agreed_at=agreed_at,
        )
        append_entries(transaction, [entry], controller=controller.number)
    return added
