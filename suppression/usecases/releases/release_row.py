"""Release one suppression row and record the release in the ledger."""

from __future__ import annotations

from suppression.domain.controllers.model import Controller
from suppression.domain.ledger.entries import AuditContext, EntryId, suppression_entry
from suppression.domain.suppressions.model import Suppression
from suppression.domain.suppressions.releases import lifted
from suppression.domain.vocabulary import EntryType, Evidence
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import append_entries
from suppression.storage.suppressions.rows import save_suppression
from suppression.usecases.ledger.append import after_last_entry, new_id


def release_row(
    transaction: Transaction,
    controller: Controller,
    row: Suppression,
    context: AuditContext,
    *,
    evidence: Evidence | None = None,
) -> None:
    """Release a row from now on, with a ledger entry. The caller must hold the row's lock.

    The entry has the row's own evidence unless `evidence` is given.
    """
    context = after_last_entry(transaction, row, context)
    after = lifted(row, at=context.recorded_at, why=context.why)
    save_suppression(transaction, after, before=row)
    entry = suppression_entry(
        after,
        EntryType.RELEASE,
        context,
        entry_id=EntryId(new_id()),
        evidence=evidence or row.evidence,
        occurred_at=context.recorded_at,
    )
    append_entries(transaction, [entry], controller=controller.number)
