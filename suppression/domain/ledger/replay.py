"""What stood at a moment that has passed, from the ledger's entries."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.consents.model import CALLS, Consent
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import LedgerEntry, commitment
from suppression.domain.suppressions.active import ActiveSuppression, ContactHistory, applies
from suppression.domain.suppressions.model import RecordId, Suppression
from suppression.domain.suppressions.releases import as_active
from suppression.domain.vocabulary import (
    Channel,
    EntryType,
    Evidence,
    Reason,
    ReleaseWhy,
)

_MOST_FORMS = 8
"""Of a row with more no combination is tried: 128 hashes for each row are enough."""


@dataclass(slots=True)
class _Replay:
    """What the entries of one record tell: the last of them, and the dates since it was opened."""

    last: LedgerEntry
    first_at: datetime
    newest_at: datetime

    def apply(self, entry: LedgerEntry) -> None:
        """Take in the next entry. A release has no date of a stop."""
        at = entry.occurred_at
        if entry.type is EntryType.STOP:
            self.first_at = self.newest_at = at
        elif entry.type is not EntryType.RELEASE:
            self.first_at, self.newest_at = min(self.first_at, at), max(self.newest_at, at)
        self.last = entry


def suppressions_at(
    rows: Iterable[Suppression],
    history: Iterable[LedgerEntry],
    at: datetime,
    *,
    asked: Collection[Fingerprint] | None = None,
) -> dict[RecordId, ActiveSuppression]:
    """The stops in force at a moment, by record; `history` holds what was recorded up to then.

    A record's last entry tells: a release ends it, all else leaves it standing up to its end. With
    `asked` only the stops that named one of these by then.
    """
    told = _replay(history)
    found = {}
    for row in rows:
        replay = told.get(row.record_id)
        if replay is None or replay.last.type is EntryType.RELEASE:
            continue
        if asked is not None and _named(row, replay.last).isdisjoint(asked):
            continue
        stop = ActiveSuppression(
            scope=row.scope,
            reason=row.reason,
            since=replay.first_at,
            last_occurred_at=replay.newest_at,
            expires_at=replay.last.expires_at,
        )
        if stop.in_force(at):
            found[row.record_id] = stop
    return found


def consents_at(consents: Iterable[Consent], history: Iterable[LedgerEntry]) -> list[Consent]:
    """The consents that a check knew of: recorded by then, and not recorded as over."""
    recorded, over = set[RecordId | None](), set[RecordId | None]()
    for entry in history:
        if entry.type is EntryType.CONSENT:
            recorded.add(entry.record_id)
        elif entry.type is EntryType.CONSENT_ENDED:
            over.add(entry.record_id)
    return [consent for consent in consents if consent.record_id in recorded - over]


def lifted_at(
    rows: Iterable[Suppression], history: Iterable[LedgerEntry]
) -> list[ActiveSuppression]:
    """The stops that were lifted by a moment, with their last dates: consents up to then are over.

    `history` holds what was recorded up to then. A stop that was a mistake is none of them.
    """
    of_record = {row.record_id: row for row in rows}
    told, suppressions = dict[RecordId, _Replay](), list[ActiveSuppression]()
    for entry in sorted(history, key=lambda entry: entry.context.recorded_at):
        _apply(told, entry)
        row = of_record.get(entry.record_id) if entry.record_id else None
        if row and entry.type is EntryType.RELEASE and entry.context.why is not ReleaseWhy.MISTAKE:
            newest = told[row.record_id].newest_at
            suppressions.append(dataclasses.replace(as_active(row), last_occurred_at=newest))
    return suppressions


def calls_at(calls: Iterable[LedgerEntry], stops: Iterable[LedgerEntry]) -> ContactHistory:
    """Earlier calls as a check knew them, of one number; both hold what was recorded up to then.

    A refusal, another agreed time, a wrong person and the lifting of a stop on calls end the times
    agreed to before. An undeliverable stop by the API counts as a wrong person: it denies anyway.
    """
    attempts, refusals = list[datetime](), list[datetime]()
    agreed = list[LedgerEntry]()
    told = dict[RecordId, _Replay]()
    entries = sorted((*calls, *stops), key=lambda entry: entry.context.recorded_at)
    for entry in entries:
        if entry.type is EntryType.ATTEMPT:
            attempts.append(entry.occurred_at)
        elif entry.type is EntryType.REFUSED:
            refusals.append(entry.occurred_at)
            agreed = []
        elif entry.type is EntryType.CALLBACK:
            agreed = [entry]
        else:
            _apply(told, entry)
            agreed = [one for one in agreed if not _ends(entry, told, one)]
    return ContactHistory(
        attempts=tuple(attempts),
        refusals=tuple(refusals),
        callbacks=tuple(one.occurred_at for one in agreed),
    )


def _replay(history: Iterable[LedgerEntry]) -> dict[RecordId, _Replay]:
    told = dict[RecordId, _Replay]()
    for entry in history:
        _apply(told, entry)
    return told


def _apply(told: dict[RecordId, _Replay], entry: LedgerEntry) -> None:
    if entry.record_id is None:
        return
    if entry.record_id in told:
        told[entry.record_id].apply(entry)
    else:
        told[entry.record_id] = _Replay(entry, entry.occurred_at, entry.occurred_at)


def _ends(entry: LedgerEntry, told: dict[RecordId, _Replay], agreed: LedgerEntry) -> bool:
    """Whether what was done to a stop ended a time that was agreed to before."""
    if entry.type is not EntryType.RELEASE:
        wrong_person = entry.reason is Reason.UNDELIVERABLE and entry.evidence is Evidence.API
        return wrong_person and entry.scope.channel is Channel.TELEPHONE
    if entry.record_id is None or entry.reason is None or entry.context.why is ReleaseWhy.MISTAKE:
        return False
    replay = told[entry.record_id]
    lifted = ActiveSuppression(
        scope=entry.scope,
        reason=entry.reason,
        since=replay.first_at,
        last_occurred_at=replay.newest_at,
        expires_at=None,
    )
    return applies(lifted, CALLS) and agreed.context.recorded_at <= replay.newest_at


def _named(row: Suppression, entry: LedgerEntry) -> frozenset[Fingerprint]:
    """Whom a row named when an entry was written, by its commitment; else whom it names today."""
    further = row.forms[1:_MOST_FORMS]
    for many in range(len(further), -1, -1):
        for some in itertools.combinations(further, many):
            if commitment(row.salt, (row.primary, *some)) == entry.commitment:
                return frozenset((row.primary, *some))
    return frozenset(row.forms)
