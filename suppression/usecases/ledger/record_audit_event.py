"""Record what changes nothing on the list: a look-up, a sign-in, a user."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from suppression.domain.ledger.entries import AuditContext, EntryId, audit_entry
from suppression.domain.vocabulary import EntryType
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import append_entries
from suppression.usecases.ledger.monotonic_time import dated_by_database

_ID_BYTES = 16


def record_audit_event(
    transaction: Transaction,
    entry_type: EntryType,
    context: AuditContext,
    *,
    controllers: Iterable[int],
    source: str = "",
) -> None:
    """Write it into the ledger of every controller that it concerns, by their numbers."""
    context = dated_by_database(transaction, context)
    for controller in controllers:
        entry_id = EntryId(secrets.token_bytes(_ID_BYTES))
        entry = audit_entry(entry_type, context, entry_id=entry_id, source=source)
        append_entries(transaction, [entry], controller=controller)
