"""Show what stands under an identifier, and how it came to stand there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suppression.domain.fingerprints import Subject
from suppression.domain.ledger import LedgerEntry
from suppression.domain.suppressions import Suppression
from suppression.domain.vocabulary import Channel
from suppression.storage.clocks import earlier_now
from suppression.storage.database import reading
from suppression.storage.ledger_rows import entries_of
from suppression.storage.suppression_rows import suppressions_under


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The suppressions in force, and the ledger entries of all that ever stood, oldest first."""

    in_force: tuple[Suppression, ...]
    history: tuple[LedgerEntry, ...]


def search_suppressions(subject: Subject, channel: Channel | None, *, now: datetime) -> Found:
    """Everything on one channel, or on all; what covers every channel is always among it."""
    with reading() as transaction:
        rows = suppressions_under(transaction, subject.asked, for_update=False)
        rows = [row for row in rows if channel is None or row.extent.channel in {channel, None}]
        history = entries_of(transaction, [row.record_id for row in rows])
        now = earlier_now(transaction, now)
    return Found(in_force=tuple(row for row in rows if row.in_force(now)), history=tuple(history))
