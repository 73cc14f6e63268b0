"""What a person is shown after a stop, and for how long they may undo their own click."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.model import RecordId, Scope, Suppression
from suppression.domain.vocabulary import Channel, EntryType

CODE_BYTES = 16
UNDO_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)
"""The page is shown so long. The stop it tells of stands for ever."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatedRow:
    """A row that a click made, and the fingerprint that all rows of this click are kept under."""

    record_id: RecordId
    primary: Fingerprint = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """What one request of a person changed. `made` is None where nothing may be undone."""

    code_digest: bytes
    controller_number: int
    reference: str
    recorded_at: datetime
    since: datetime
    stopped: tuple[Scope, ...]
    opened: tuple[str, ...] = ()
    created_rows: CreatedRow | None = None
    undone_at: datetime | None = None

    def undo_in_time(self, now: datetime) -> bool:
        """Whether the click may be undone at that moment, as far as this page knows."""
        fresh = now < self.recorded_at + UNDO_FOR
        return self.created_rows is not None and self.undone_at is None and fresh

    @property
    def undo_payload(self) -> bytes:
        """What the signed token of the undo form says: this row, by this page."""
        return (self.created_rows.record_id if self.created_rows else b"") + self.code_digest[
            :CODE_BYTES
        ]


def digest_of(code: str) -> bytes:
    """What is stored of a page's code.

    >>> len(digest_of("any"))
    32
    """
    return hashlib.sha256(code.encode("utf-8", "replace")).digest()


def in_reading_order(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """Each once: by channel as people list them, then what has no channel."""
    channels: list[Channel | None] = [*Channel, None]
    return tuple(sorted(dict.fromkeys(scopes), key=lambda one: channels.index(one.channel)))


def created_by(confirmation: Confirmation, history: Iterable[LedgerEntry]) -> bool:
    """Return whether the click opened the row of this history, now or before it was released."""
    return any(
        entry.type is EntryType.STOP and entry.context.reference == confirmation.reference
        for entry in history
    )


def is_still_the_click(
    confirmation: Confirmation, row: Suppression, history: Sequence[LedgerEntry], *, now: datetime
) -> bool:
    """Whether a row is still just what the click made of it: nothing was said since.

    `history` are the row's entries, oldest first.
    """
    if not row.in_force(now) or not history:
        return False
    last = history[-1]
    return last.type is EntryType.STOP and last.context.reference == confirmation.reference
