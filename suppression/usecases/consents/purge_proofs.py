"""Forget consents that ended more than three years ago, and their proof (R223-2)."""

from __future__ import annotations

from datetime import datetime

from suppression.domain.consents.model import PROOF_KEPT_MONTHS, months_after
from suppression.domain.ledger.entries import EntryId, consent_entry
from suppression.domain.vocabulary import EntryType
from suppression.storage.consents.rows import delete_consents, list_expired_proofs
from suppression.storage.engine.database import writing
from suppression.storage.ledger.rows import append_entries
from suppression.usecases.ledger.append import dated_by_database, new_audit_context, new_id

BATCH = 200


def purge_old_proofs(*, now: datetime) -> int:
    """Delete each of them; how many there were. The ledger keeps that they were there."""
    purged = 0
    while some := _purge_batch(now):
        purged += some
    return purged


def _purge_batch(now: datetime) -> int:
    before = months_after(now, -PROOF_KEPT_MONTHS)
    with writing() as transaction:
        expired_proofs = list_expired_proofs(transaction, before=before, limit=BATCH)
        if not expired_proofs:
            return 0
        context = dated_by_database(transaction, new_audit_context("worker", now=now))
        for controller, consent in expired_proofs:
            entry = consent_entry(
                consent,
                EntryType.PROOF_PURGED,
                context,
                entry_id=EntryId(new_id()),
                occurred_at=context.recorded_at,
            )
            append_entries(transaction, [entry], controller=controller)
        delete_consents(transaction, [consent for _, consent in expired_proofs])
    return len(expired_proofs)
