"""Announce in the ledger that consents end soon: no consent is renewed tacitly.

Source: code de la consommation R223-1.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from suppression.domain.consents.model import ANNOUNCED_BEFORE, Consent, ends_at
from suppression.domain.ledger.entries import EntryId, consent_entry
from suppression.domain.vocabulary import EntryType
from suppression.storage.consents.policy_ends import list_ending_by_policy
from suppression.storage.consents.rows import list_ending_consents, mark_announced
from suppression.storage.engine.database import Transaction, writing
from suppression.storage.ledger.rows import append_entries
from suppression.usecases.consents.policy_ends import coming_policy_ends
from suppression.usecases.ledger.append import dated_by_database, new_audit_context, new_id

BATCH = 200


def announce_consent_ends(*, now: datetime) -> int:
    """Announce each consent that ends within 30 days, once; return how many were announced.

    A consent ends at its `until`, or sooner by its policy. One that ended early is not announced.
    """
    announced = 0
    while some := _announce_batch(now):
        announced += some
    return announced


def _announce_batch(now: datetime) -> int:
    with writing() as transaction:
        ending_consents = list_ending_consents(
            transaction, after=now, before=now + ANNOUNCED_BEFORE, limit=BATCH
        ) or _ending_by_policy(transaction, now)
        if not ending_consents:
            return 0
        context = dated_by_database(transaction, new_audit_context("worker", now=now))
        for controller, consent in ending_consents:
            entry = consent_entry(
                consent,
                EntryType.CONSENT_ENDING,
                context,
                entry_id=EntryId(new_id()),
                occurred_at=context.recorded_at,
            )
            append_entries(transaction, [entry], controller=controller)
        mark_announced(transaction, [consent for _, consent in ending_consents], now=now)
    return len(ending_consents)


def _ending_by_policy(transaction: Transaction, now: datetime) -> list[tuple[int, Consent]]:
    """Return a batch of consents that a policy ends within 30 days, with that end as `until`."""
    horizon = now + ANNOUNCED_BEFORE
    for controller, ends in coming_policy_ends(transaction, after=now, before=horizon):
        consents = list_ending_by_policy(transaction, controller, ends, limit=BATCH)
        if consents:
            return [
                (
                    controller.number,
                    dataclasses.replace(consent, until=ends_at(consent, ends.months)),
                )
                for consent in consents
            ]
    return []
