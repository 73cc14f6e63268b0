"""How consents end before their time: the rows, each with its ledger entry."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from suppression.domain.consents import Consent
from suppression.domain.controllers import Controller
from suppression.domain.fingerprints import Subject
from suppression.domain.ledger import Deed, EntryId, LedgerEntry, commitment
from suppression.domain.vocabulary import Channel, ConsentEnd, EntryType, Evidence, Reason
from suppression.storage.consent_rows import consents_under, end_consent
from suppression.storage.database import Transaction
from suppression.storage.ledger_rows import append_entries

_REASON = {
    ConsentEnd.WITHDRAWN: Reason.CONSENT_WITHDRAWN,
    ConsentEnd.WRONG_PERSON: Reason.UNDELIVERABLE,
}


def end_consents(  # noqa: PLR0913 - which, why, and by whom
    transaction: Transaction,
    controller: Controller,
    subject: Subject,
    *,
    channels: Collection[Channel],
    why: ConsentEnd,
    at: datetime,
    deed: Deed,
) -> int:
    """End every consent of a subject on these channels; how many there were."""
    ended = [
        one
        for one in consents_under(transaction, subject.every, for_update=True)
        if one.ended_at is None and one.extent.channel in channels
    ]
    for consent in ended:
        end_consent(transaction, consent, why=why, ended_at=at)
    entries = [_entry(one, why, at, deed) for one in ended]
    append_entries(transaction, entries, controller=controller.number)
    return len(ended)


def _entry(consent: Consent, why: ConsentEnd, at: datetime, deed: Deed) -> LedgerEntry:
    return LedgerEntry(
        entry_id=EntryId(secrets.token_bytes(16)),
        type=EntryType.CONSENT_ENDED,
        record_id=consent.record_id,
        commitment=commitment(consent.salt, [consent.fingerprint]),
        extent=consent.extent,
        reason=_REASON.get(why),
        source=consent.source,
        evidence=Evidence.API,
        occurred_at=at,
        expires_at=consent.until,
        deed=deed,
    )
