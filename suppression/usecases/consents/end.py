"""End consents early, for every entry point, with ledger entries, in the caller's transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from suppression.domain.consents.model import Consent
from suppression.domain.controllers.model import Controller
from suppression.domain.ledger.entries import AuditContext, EntryId, consent_entry
from suppression.domain.vocabulary import ConsentEnd, EntryType, Evidence, Reason
from suppression.storage.consents.rows import end_consent
from suppression.storage.engine.database import Transaction
from suppression.storage.ledger.rows import append_entries
from suppression.usecases.ledger.append import after_last_entry, new_id


def end_consents(  # noqa: PLR0913 - what an end is made of
    transaction: Transaction,
    controller: Controller,
    consents: Sequence[Consent],
    why: ConsentEnd,
    *,
    occurred_at: datetime | None,
    context: AuditContext,
    evidence: Evidence | None = None,
    reason: Reason | None = None,
) -> list[Consent]:
    """End consents, each with a ledger entry, and return them as ended.

    Each ends at `occurred_at` if that is given and not in the future, else now. The caller must
    have locked their rows.
    """
    ended = []
    for consent in consents:
        dated = after_last_entry(transaction, consent, context)
        ended_at = min(occurred_at or dated.recorded_at, dated.recorded_at)
        end_consent(transaction, consent, why=why, ended_at=ended_at)
        over = dataclasses.replace(consent, ended_at=ended_at, ended_by=why)
        entry = consent_entry(
            over,
            EntryType.CONSENT_ENDED,
            dated,
            entry_id=EntryId(new_id()),
            occurred_at=ended_at,
            evidence=evidence,
            reason=reason,
        )
        append_entries(transaction, [entry], controller=controller.number)
        ended.append(over)
    return ended
