"""Replay of the ledger: the suppressions, consents and calls that counted at a past instant."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.consents.model import Consent, agreed_before
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import EntryId, LedgerEntry, commitment
from suppression.domain.suppressions.active import ActiveSuppression, ContactHistory
from suppression.domain.suppressions.model import RecordId, Suppression
from suppression.domain.suppressions.releases import as_active
from suppression.domain.vocabulary import (
    Channel,
    EntryType,
    Evidence,
    Reason,
    ReleaseWhy,
)

_MAX_FINGERPRINTS = 8
"""The maximum number of a row's fingerprints that are combined: 128 hashes for each row."""


@dataclass(slots=True)
class _Replay:
    """The replay of one record: its last entry, and its stop's first and newest dates."""

    last: LedgerEntry
    first_at: datetime
    newest_at: datetime

    def apply(self, entry: LedgerEntry) -> None:
        """Apply the record's next entry. A release keeps the stop's first and newest dates."""
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
    fingerprints: Collection[Fingerprint] | None = None,
) -> dict[RecordId, ActiveSuppression]:
    """Return the suppressions that were in force at the instant `at`, by record.

    `history` holds the entries recorded up to `at`, oldest first. A record's last entry decides: a
    release ends it, anything else leaves it in force up to the end that the entry has. If
    `fingerprints` are given, return only the suppressions that had one of them by then.
    """
    replays = _replay(history)
    in_force = {}
    for row in rows:
        replay = replays.get(row.record_id)
        if replay is None or replay.last.type is EntryType.RELEASE:
            continue
        if fingerprints is not None and _named_fingerprints(row, replay.last).isdisjoint(
            fingerprints
        ):
            continue
        stop = ActiveSuppression(
            scope=row.scope,
            reason=row.reason,
            since=replay.first_at,
            last_occurred_at=replay.newest_at,
            expires_at=replay.last.expires_at,
        )
        if stop.in_force(at):
            in_force[row.record_id] = stop
    return in_force


def consents_at(consents: Iterable[Consent], history: Iterable[LedgerEntry]) -> list[Consent]:
    """Return the consents that `history` records and does not record as ended.

    `history` holds the entries up to a past instant, oldest first. Each consent gets the `until` of
    its newest entry there, because a caller may have sent it again with an earlier end since.
    """
    recorded, over = dict[RecordId | None, LedgerEntry](), set[RecordId | None]()
    for entry in history:
        if entry.type is EntryType.CONSENT:
            recorded[entry.record_id] = entry
        elif entry.type is EntryType.CONSENT_ENDED:
            over.add(entry.record_id)
    return [
        dataclasses.replace(consent, until=recorded[consent.record_id].expires_at)
        for consent in consents
        if consent.record_id in recorded.keys() - over
    ]


def lifted_at(
    rows: Iterable[Suppression], history: Iterable[LedgerEntry]
) -> list[ActiveSuppression]:
    """Return a suppression for each release in `history`, except the releases of mistakes.

    Its `last_occurred_at` is the date up to which it voids consents: that of the newest stop, or of
    its release as `reassigned` if that is later. `history` has the entries up to a past instant.
    """
    row_of_record = {row.record_id: row for row in rows}
    replays, suppressions = dict[RecordId, _Replay](), list[ActiveSuppression]()
    for entry in sorted(history, key=lambda entry: entry.context.recorded_at):
        _apply(replays, entry)
        row = row_of_record.get(entry.record_id) if entry.record_id else None
        if row and entry.type is EntryType.RELEASE and entry.context.why is not ReleaseWhy.MISTAKE:
            until = _void_until(entry, replays[row.record_id])
            reassigned = entry.context.why is ReleaseWhy.REASSIGNED
            stop = dataclasses.replace(
                as_active(row), last_occurred_at=until, reassigned=reassigned
            )
            suppressions.append(stop)
    return suppressions


def calls_at(calls: Iterable[LedgerEntry], stops: Iterable[LedgerEntry]) -> ContactHistory:
    """Return the earlier calls to one number as a check at a past instant knew them.

    `calls` and `stops` hold the entries up to that instant. A refusal, another agreed time and a
    wrong person end the agreed times recorded before; the release of a stop on calls voids the
    times agreed up to that stop, whenever they were recorded. An undeliverable stop by the API on
    calls and on SMS at once counts as a wrong person.
    """
    attempts, refusals = list[datetime](), list[datetime]()
    callbacks = list[LedgerEntry]()
    replays, lifted = dict[RecordId, _Replay](), list[ActiveSuppression]()
    stops = tuple(stops)
    wrong_persons = _wrong_persons(stops)
    entries = sorted((*calls, *stops), key=lambda entry: entry.context.recorded_at)
    for entry in entries:
        if entry.type is EntryType.ATTEMPT:
            attempts.append(entry.occurred_at)
        elif entry.type is EntryType.REFUSED:
            refusals.append(entry.occurred_at)
            callbacks = []
        elif entry.type is EntryType.CALLBACK:
            callbacks = [entry]
        else:
            _apply(replays, entry)
            lifted += _released(entry, replays)
            callbacks = [] if entry.entry_id in wrong_persons else callbacks
    return ContactHistory(
        attempts=tuple(attempts),
        refusals=tuple(refusals),
        callbacks=tuple(
            callback.occurred_at
            for callback in callbacks
            if not agreed_before(callback.agreed_at or callback.context.recorded_at, lifted)
        ),
    )


def _replay(history: Iterable[LedgerEntry]) -> dict[RecordId, _Replay]:
    """Return the replay of each record's entries in `history`, which must be oldest first."""
    replays = dict[RecordId, _Replay]()
    for entry in history:
        _apply(replays, entry)
    return replays


def _apply(replays: dict[RecordId, _Replay], entry: LedgerEntry) -> None:
    """Apply an entry to the replay of its record."""
    if entry.record_id is None:
        return
    if entry.record_id in replays:
        replays[entry.record_id].apply(entry)
    else:
        replays[entry.record_id] = _Replay(entry, entry.occurred_at, entry.occurred_at)


def _wrong_persons(entries: Iterable[LedgerEntry]) -> set[EntryId]:
    """Return the ids of the entries of stops that a call to a wrong person may have stored.

    Such a call stops the number for calls and for SMS in one request, as undeliverable. Any other
    undeliverable stop leaves the agreed times on record, and denies calls while it is in force.
    """
    undeliverable = [
        entry
        for entry in entries
        if entry.reason is Reason.UNDELIVERABLE
        and entry.evidence is Evidence.API
        and entry.type is not EntryType.RELEASE
    ]
    by_sms = {
        entry.context.reference for entry in undeliverable if entry.scope.channel is Channel.SMS
    }
    return {
        entry.entry_id
        for entry in undeliverable
        if entry.scope.channel is Channel.TELEPHONE and entry.context.reference in by_sms
    }


def _released(
    entry: LedgerEntry, replays: dict[RecordId, _Replay]
) -> tuple[ActiveSuppression, ...]:
    """Return the stop that an entry released, dated as far as it voids (`_void_until`).

    Return () if the entry is no release, or the release of a mistake.
    """
    if entry.type is not EntryType.RELEASE or entry.context.why is ReleaseWhy.MISTAKE:
        return ()
    if entry.record_id is None or entry.reason is None:
        return ()
    replay = replays[entry.record_id]
    stop = ActiveSuppression(
        scope=entry.scope,
        reason=entry.reason,
        since=replay.first_at,
        last_occurred_at=_void_until(entry, replay),
        expires_at=None,
        reassigned=entry.context.why is ReleaseWhy.REASSIGNED,
    )
    return (stop,)


def _void_until(release: LedgerEntry, replay: _Replay) -> datetime:
    """Return the date up to which a released stop voids consents and agreed times.

    It is the stop's newest date, or the time of its release as `reassigned` if that is later.
    """
    if release.context.why is ReleaseWhy.REASSIGNED:
        return max(replay.newest_at, release.context.recorded_at)
    return replay.newest_at


def _named_fingerprints(row: Suppression, entry: LedgerEntry) -> frozenset[Fingerprint]:
    """Return the fingerprints that a row had when an entry was recorded, by the entry's commitment.

    Return the row's present fingerprints if no combination of the first eight matches.
    """
    other_fingerprints = row.forms[1:_MAX_FINGERPRINTS]
    for size in range(len(other_fingerprints), -1, -1):
        for chosen in itertools.combinations(other_fingerprints, size):
            if commitment(row.salt, (row.primary, *chosen)) == entry.commitment:
                return frozenset((row.primary, *chosen))
    return frozenset(row.forms)
