"""Ledger entries, which hold no fingerprint: their dates, and the references that people note.

See docs/architecture.md#the-ledger.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from suppression.domain.calendar.timestamps import TICK
from suppression.domain.consents.model import Consent
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import RecordId, Scope, Suppression
from suppression.domain.vocabulary import (
    ClientClass,
    EntryType,
    Evidence,
    Reason,
    ReleaseWhy,
)

EntryId = NewType("EntryId", bytes)
"""16 random bytes that identify a ledger entry."""

REFERENCE_BYTES = 12
FARTHEST_STEP = timedelta(days=1)
"""The longest time by which the database's clock is assumed to have been ahead.

A stop without a date is dated no earlier than the controller's consents and agreed times that are
dated ahead of the clock by at most this time. A consent or agreed time dated further ahead moves
only the stops of its own person: otherwise a single consent from a clock that was far wrong would
date every later stop.
"""
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SHAPE = re.compile(rf"[{_ALPHABET}]{{4}}(?:-[{_ALPHABET}]{{4}}){{2}}")


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditContext:
    """The fields that all entries of one request share: actor, time of recording, references.

    `reference` is ours, for people to note; `ref` is the caller's own, or ''. `why` is the reason
    of a release.
    """

    actor: str
    recorded_at: datetime
    reference: str
    ref: str = ""
    why: ReleaseWhy | None = None
    client_class: ClientClass | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEntry:
    """An entry of the append-only ledger. `record_id`: None if it concerns no person.

    `agreed_at` is when a person agreed to be called at `occurred_at`; None in all other entries,
    and in entries of versions that did not record it.
    """

    entry_id: EntryId
    type: EntryType
    record_id: RecordId | None
    commitment: bytes
    scope: Scope
    reason: Reason | None
    source: str
    evidence: Evidence | None
    occurred_at: datetime
    expires_at: datetime | None
    context: AuditContext
    agreed_at: datetime | None = None


def reference(random_bytes: bytes) -> str:
    """Return the reference for 12 random bytes: three groups of four characters, 60 random bits.

    >>> reference(bytes(range(12)))
    '2345-6789-ABCD'
    """
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in random_bytes)
    return "-".join(letters[start : start + 4] for start in range(0, REFERENCE_BYTES, 4))


def is_reference(text: str) -> bool:
    """Return whether a text has the shape of a reference.

    No other text may reach an SQL statement as a reference.

    >>> is_reference("2345-6789-ABCD"), is_reference("2345-6789-abcd"), is_reference("2345-6789")
    (True, False, False)
    """
    return bool(_SHAPE.fullmatch(text))


def commitment(salt: bytes, fingerprints: Iterable[Fingerprint]) -> bytes:
    """Return the SHA-256 of the salt followed by the fingerprints, sorted as raw bytes.

    >>> first, second = Fingerprint(bytes(16)), Fingerprint(b"x" * 16)
    >>> commitment(b"salt", [first, second]) == commitment(b"salt", [second, first])
    True
    """
    return hashlib.sha256(salt + b"".join(sorted(fingerprints))).digest()


def suppression_entry(
    row: Suppression,
    entry_type: EntryType,
    context: AuditContext,
    *,
    entry_id: EntryId,
    evidence: Evidence,
    occurred_at: datetime,
) -> LedgerEntry:
    """Return the entry for a change of a suppression's row in this context."""
    return LedgerEntry(
        entry_id=entry_id,
        type=entry_type,
        record_id=row.record_id,
        commitment=commitment(row.salt, row.forms),
        scope=row.scope,
        reason=row.reason,
        source=row.source,
        evidence=evidence,
        occurred_at=occurred_at,
        expires_at=row.expires_at,
        context=context,
    )


def audit_entry(
    entry_type: EntryType, context: AuditContext, *, entry_id: EntryId, source: str = ""
) -> LedgerEntry:
    """Return an entry that concerns no person, such as a sign-in, dated when it is recorded."""
    return LedgerEntry(
        entry_id=entry_id,
        type=entry_type,
        record_id=None,
        commitment=b"",
        scope=Scope(channel=None, purpose=None),
        reason=None,
        source=source,
        evidence=None,
        occurred_at=context.recorded_at,
        expires_at=None,
        context=context,
    )


def consent_entry(  # noqa: PLR0913 - what an entry is made of
    consent: Consent,
    entry_type: EntryType,
    context: AuditContext,
    *,
    entry_id: EntryId,
    occurred_at: datetime,
    evidence: Evidence | None = None,
    reason: Reason | None = None,
) -> LedgerEntry:
    """Return the entry for a change of a consent in this context."""
    return LedgerEntry(
        entry_id=entry_id,
        type=entry_type,
        record_id=consent.record_id,
        commitment=commitment(consent.salt, [consent.fingerprint]),
        scope=consent.scope,
        reason=reason,
        source=consent.source,
        evidence=evidence,
        occurred_at=occurred_at,
        expires_at=consent.until,
        context=context,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDates:
    """The dates that a new entry must not precede, as read from the database.

    `now`: its present time; `newest`: the date of the newest consent or agreed time on record that
    a stop without a date must not precede; `last`: when the newest ledger entry of the changed row
    was recorded. `newest` and `last` are None if there is none, or if it was not asked for.
    """

    now: datetime
    newest: datetime | None = None
    last: datetime | None = None

    @property
    def stop_at(self) -> datetime:
        """The date of a stop that states none: `now`, or `newest` if that is later.

        >>> consented = datetime(2026, 11, 28, 10, 0, 25)
        >>> EntryDates(now=datetime(2026, 11, 28, 10), newest=consented).stop_at == consented
        True
        """
        return self.now if self.newest is None else max(self.now, self.newest)

    def date_for(self, context: AuditContext) -> AuditContext:
        """Return `context` dated `now`, or 1 µs after `last` if that is later."""
        at = self.now if self.last is None else max(self.now, self.last + TICK)
        return dataclasses.replace(context, recorded_at=at)
