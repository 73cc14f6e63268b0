"""Read the suppressions of an identifier: those in force, and the history of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.model import Suppression
from suppression.domain.vocabulary import Channel
from suppression.storage.engine.clocks import earlier_now
from suppression.storage.engine.database import reading
from suppression.storage.ledger.rows import entries_about_records
from suppression.storage.suppressions.rows import find_suppressions


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchResult:
    """The suppressions in force, and the ledger entries of these and of past ones, oldest first."""

    in_force: tuple[Suppression, ...]
    history: tuple[LedgerEntry, ...]


def search_suppressions(
    subject: Subject, channel: Channel | None, *, now: datetime
) -> SearchResult:
    """Return a person's suppressions in force, and the history of these and of past ones.

    If `channel` is given, only those on it and those without a channel, such as a restriction, are
    included.
    """
    with reading() as transaction:
        rows = find_suppressions(transaction, subject.lookup_fingerprints, for_update=False)
        rows = [row for row in rows if channel is None or row.scope.channel in {channel, None}]
        history = entries_about_records(transaction, [row.record_id for row in rows])
        now = earlier_now(transaction, now)
    return SearchResult(
        in_force=tuple(row for row in rows if row.in_force(now)), history=tuple(history)
    )
