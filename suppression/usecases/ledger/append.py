"""Append to the ledger: create ids and audit contexts, date entries, and record audit events."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable
from datetime import datetime

from suppression.domain.checks.call_history import CalledNumber
from suppression.domain.consents.model import Consent
from suppression.domain.ledger.entries import (
    REFERENCE_BYTES,
    AuditContext,
    EntryId,
    audit_entry,
    reference,
)
from suppression.domain.suppressions.model import Suppression
from suppression.domain.vocabulary import ClientClass, EntryType, ReleaseWhy
from suppression.storage.engine.clocks import database_now, entry_dates
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import append_entries

_ID_BYTES = 16
_SALT_BYTES = 16  # 128 bits: nobody can try them all; deleted with the row


def new_id() -> bytes:
    """Return 16 random bytes: the id of a new ledger entry, row, scrub, attempt or outcome."""
    return secrets.token_bytes(_ID_BYTES)


def new_salt() -> bytes:
    """Return 16 random bytes that salt a suppression's commitments in the ledger."""
    return secrets.token_bytes(_SALT_BYTES)


def new_reference() -> str:
    """Return a random reference for a person to keep, as in `2345-6789-ABCD`."""
    return reference(secrets.token_bytes(REFERENCE_BYTES))


def new_audit_context(
    actor: str,
    *,
    now: datetime,
    ref: str = "",
    client_class: ClientClass | None = None,
    why: ReleaseWhy | None = None,
) -> AuditContext:
    """Return an audit context with a new random reference, recorded at `now`."""
    return AuditContext(
        actor=actor,
        recorded_at=now,
        reference=new_reference(),
        ref=ref,
        client_class=client_class,
        why=why,
    )


def after_last_entry(
    transaction: Transaction, row: Suppression | Consent | CalledNumber, context: AuditContext
) -> AuditContext:
    """Return `context` dated by the database's clock, but at least 1 µs after the row's last entry.

    The caller must hold the row's lock. All machines share the database's clock, but it may have
    been set back: without the 1 µs, a later change could be dated before an earlier one, and a
    replay of the ledger would end in another state than the list.
    """
    return entry_dates(transaction, record_id=row.record_id).date_for(context)


def dated_by_database(transaction: Transaction, context: AuditContext) -> AuditContext:
    """Return `context` dated now by the database's clock.

    For a change of an existing row use `after_last_entry`, since the database's clock may have been
    set back to before the row's last entry.
    """
    return dataclasses.replace(context, recorded_at=database_now(transaction))


def record_audit_event(
    transaction: Transaction,
    entry_type: EntryType,
    context: AuditContext,
    *,
    controllers: Iterable[int],
    source: str = "",
) -> None:
    """Record an act that changes nothing on the suppression list, such as a look-up or a sign-in.

    The ledger of each controller (given by number) gets an entry, dated by the database. `source`
    names the user or invitation that the act is about, such as `user:3`; '' for other acts.
    """
    context = dated_by_database(transaction, context)
    for controller in controllers:
        entry = audit_entry(entry_type, context, entry_id=EntryId(new_id()), source=source)
        append_entries(transaction, [entry], controller=controller)
