"""Confirmations: the page that a person sees after a stop, and the undo of their own click."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatedRow:
    """A suppression's row that a click created, with its primary fingerprint."""

    record_id: RecordId
    primary: Fingerprint = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """The changes that one request of a person made, as its confirmation page shows them.

    `since` is the date of the stop that the page shows; `opened` has the slugs of the topics that
    were opened. `created_rows` is the first row that the click created; None if the click cannot be
    undone.
    """

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
        """Return whether the click may be undone at `now`, as far as its confirmation shows.

        It may if it has `created_rows`, was not undone, and is less than 24 hours old.
        """
        is_recent = now < self.recorded_at + UNDO_FOR
        return self.created_rows is not None and self.undone_at is None and is_recent

    @property
    def undo_payload(self) -> bytes:
        """The payload of the undo form's token: the created row's id, if any, and a digest.

        The digest is the first 16 bytes of `code_digest`.
        """
        return (self.created_rows.record_id if self.created_rows else b"") + self.code_digest[
            :CODE_BYTES
        ]


def digest_of(code: str) -> bytes:
    """Return the SHA-256 (32 bytes) that is stored in the place of a confirmation page's code.

    >>> len(digest_of("any"))
    32
    """
    return hashlib.sha256(code.encode("utf-8", "replace")).digest()


def in_reading_order(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """Return each `Scope` once, in the order of the channels, those without a channel last."""
    channels: list[Channel | None] = [*Channel, None]
    return tuple(sorted(dict.fromkeys(scopes), key=lambda scope: channels.index(scope.channel)))


def created_by(confirmation: Confirmation, history: Iterable[LedgerEntry]) -> bool:
    """Return whether the click created the row whose entries are `history`.

    Other entries of the row, even later ones, do not matter.
    """
    return any(
        entry.type is EntryType.STOP and entry.context.reference == confirmation.reference
        for entry in history
    )


def is_still_the_click(
    confirmation: Confirmation, row: Suppression, history: Sequence[LedgerEntry], *, now: datetime
) -> bool:
    """Return whether a row is in force, and its newest entry is that of the click's stop.

    `history` holds the row's entries, oldest first; return False if it is empty.
    """
    if not row.in_force(now) or not history:
        return False
    last_entry = history[-1]
    return (
        last_entry.type is EntryType.STOP and last_entry.context.reference == confirmation.reference
    )
