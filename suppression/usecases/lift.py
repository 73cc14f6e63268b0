"""Lift one row, whose lock the caller holds, and enter it in the ledger."""

from __future__ import annotations

import secrets

from suppression.domain.controllers import Controller
from suppression.domain.ledger import Deed, EntryId, entry_for
from suppression.domain.releases import lifted
from suppression.domain.suppressions import Suppression
from suppression.domain.vocabulary import EntryType, Evidence
from suppression.storage.database import Transaction
from suppression.storage.ledger_rows import append_entries
from suppression.storage.suppression_rows import save_suppression
from suppression.usecases.in_order import in_order


def lift(
    transaction: Transaction,
    controller: Controller,
    row: Suppression,
    deed: Deed,
    *,
    evidence: Evidence | None = None,
) -> None:
    """Release the row from now on. The entry's `evidence` is the row's own unless it is given."""
    deed = in_order(transaction, row, deed)
    after = lifted(row, at=deed.recorded_at, why=deed.why)
    save_suppression(transaction, after, before=row)
    entry = entry_for(
        after,
        EntryType.RELEASE,
        deed,
        entry_id=EntryId(secrets.token_bytes(16)),
        evidence=evidence or row.evidence,
        occurred_at=deed.recorded_at,
    )
    append_entries(transaction, [entry], controller=controller.number)
