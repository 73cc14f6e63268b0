"""What stood at a moment that has passed, from the ledger's entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from suppression.domain.ledger import LedgerEntry
from suppression.domain.standing import StandingStop
from suppression.domain.suppressions import RecordId, Suppression
from suppression.domain.vocabulary import EntryType


def stood_at(
    rows: Iterable[Suppression], history: Iterable[LedgerEntry], at: datetime
) -> dict[RecordId, StandingStop]:
    """The stops in force at a moment, by record; `history` holds what was recorded up to then.

    A record's last entry tells: a release ends it, all else leaves it standing up to its end. What
    an entry does not say, such as who else a row named then, is as it is today.
    """
    last: dict[RecordId, LedgerEntry] = {}
    since: dict[RecordId, datetime] = {}
    latest: dict[RecordId, datetime] = {}
    for entry in history:
        if entry.record_id is None:
            continue
        if entry.type is EntryType.STOP:
            since.pop(entry.record_id, None)
            latest.pop(entry.record_id, None)
        first = since.get(entry.record_id, entry.occurred_at)
        since[entry.record_id] = min(first, entry.occurred_at)
        newest = latest.get(entry.record_id, entry.occurred_at)
        latest[entry.record_id] = max(newest, entry.occurred_at)
        last[entry.record_id] = entry
    found = {}
    for row in rows:
        entry_of_row = last.get(row.record_id)
        if entry_of_row is None or entry_of_row.type is EntryType.RELEASE:
            continue
        stop = StandingStop(
            extent=row.extent,
            reason=row.reason,
            since=since[row.record_id],
            last_occurred_at=latest[row.record_id],
            expires_at=entry_of_row.expires_at,
        )
        if stop.in_force(at):
            found[row.record_id] = stop
    return found
