"""What stood at a moment that has passed, from the ledger's entries."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.consents import CALLS, Consent
from suppression.domain.fingerprints import Fingerprint
from suppression.domain.ledger import LedgerEntry, commitment
from suppression.domain.releases import as_standing
from suppression.domain.standing import ContactHistory, StandingStop, applies
from suppression.domain.suppressions import RecordId, Suppression
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
class _Told:
    """What the entries of one record tell: the last of them, and the dates since it was opened."""

    last: LedgerEntry
    first_at: datetime
    newest_at: datetime

    def hear(self, entry: LedgerEntry) -> None:
        """Take in the next entry. A release has no date of a stop."""
        at = entry.occurred_at
        if entry.type is EntryType.STOP:
            self.first_at = self.newest_at = at
        elif entry.type is not EntryType.RELEASE:
            self.first_at, self.newest_at = min(self.first_at, at), max(self.newest_at, at)
        self.last = entry


def stood_at(
    rows: Iterable[Suppression],
    history: Iterable[LedgerEntry],
    at: datetime,
    *,
    asked: Collection[Fingerprint] | None = None,
) -> dict[RecordId, StandingStop]:
    """The stops in force at a moment, by record; `history` holds what was recorded up to then.

    A record's last entry tells: a release ends it, all else leaves it standing up to its end. With
    `asked` only the stops that named one of these by then.
    """
    told = _told(history)
    found = {}
    for row in rows:
        one = told.get(row.record_id)
        if one is None or one.last.type is EntryType.RELEASE:
            continue
        if asked is not None and _named(row, one.last).isdisjoint(asked):
            continue
        stop = StandingStop(
            extent=row.extent,
            reason=row.reason,
            since=one.first_at,
            last_occurred_at=one.newest_at,
            expires_at=one.last.expires_at,
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
    return [one for one in consents if one.record_id in recorded - over]


def lifted_at(rows: Iterable[Suppression], history: Iterable[LedgerEntry]) -> list[StandingStop]:
    """The stops that were lifted by a moment, with their last dates: consents up to then are over.

    `history` holds what was recorded up to then. A stop that was a mistake is none of them.
    """
    of_record = {row.record_id: row for row in rows}
    told, found = dict[RecordId, _Told](), list[StandingStop]()
    for entry in sorted(history, key=lambda entry: entry.deed.recorded_at):
        _hear(told, entry)
        row = of_record.get(entry.record_id) if entry.record_id else None
        if row and entry.type is EntryType.RELEASE and entry.deed.why is not ReleaseWhy.MISTAKE:
            newest = told[row.record_id].newest_at
            found.append(dataclasses.replace(as_standing(row), last_occurred_at=newest))
    return found


def calls_at(calls: Iterable[LedgerEntry], stops: Iterable[LedgerEntry]) -> ContactHistory:
    """Earlier calls as a check knew them, of one number; both hold what was recorded up to then.

    A refusal, another agreed time, a wrong person and the lifting of a stop on calls end the times
    agreed to before. An undeliverable stop by the API counts as a wrong person: it denies anyway.
    """
    attempts, refusals = list[datetime](), list[datetime]()
    agreed = list[LedgerEntry]()
    told = dict[RecordId, _Told]()
    entries = sorted((*calls, *stops), key=lambda entry: entry.deed.recorded_at)
    for entry in entries:
        if entry.type is EntryType.ATTEMPT:
            attempts.append(entry.occurred_at)
        elif entry.type is EntryType.REFUSED:
            refusals.append(entry.occurred_at)
            agreed = []
        elif entry.type is EntryType.CALLBACK:
            agreed = [entry]
        else:
            _hear(told, entry)
            agreed = [one for one in agreed if not _ends(entry, told, one)]
    return ContactHistory(
        attempts=tuple(attempts),
        refusals=tuple(refusals),
        callbacks=tuple(one.occurred_at for one in agreed),
    )


def _told(history: Iterable[LedgerEntry]) -> dict[RecordId, _Told]:
    told = dict[RecordId, _Told]()
    for entry in history:
        _hear(told, entry)
    return told


def _hear(told: dict[RecordId, _Told], entry: LedgerEntry) -> None:
    if entry.record_id is None:
        return
    if entry.record_id in told:
        told[entry.record_id].hear(entry)
    else:
        told[entry.record_id] = _Told(entry, entry.occurred_at, entry.occurred_at)


def _ends(entry: LedgerEntry, told: dict[RecordId, _Told], agreed: LedgerEntry) -> bool:
    """Whether what was done to a stop ended a time that was agreed to before."""
    if entry.type is not EntryType.RELEASE:
        wrong_person = entry.reason is Reason.UNDELIVERABLE and entry.evidence is Evidence.API
        return wrong_person and entry.extent.channel is Channel.TELEPHONE
    if entry.record_id is None or entry.reason is None or entry.deed.why is ReleaseWhy.MISTAKE:
        return False
    one = told[entry.record_id]
    lifted = StandingStop(
        extent=entry.extent,
        reason=entry.reason,
        since=one.first_at,
        last_occurred_at=one.newest_at,
        expires_at=None,
    )
    return applies(lifted, CALLS) and agreed.deed.recorded_at <= one.newest_at


def _named(row: Suppression, entry: LedgerEntry) -> frozenset[Fingerprint]:
    """Whom a row named when an entry was written, by its commitment; else whom it names today."""
    further = row.forms[1:_MOST_FORMS]
    for many in range(len(further), -1, -1):
        for some in itertools.combinations(further, many):
            if commitment(row.salt, (row.primary, *some)) == entry.commitment:
                return frozenset((row.primary, *some))
    return frozenset(row.forms)
