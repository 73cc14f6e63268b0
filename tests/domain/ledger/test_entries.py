"""A ledger entry states everything about a suppression except whose it is."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, datetime, timedelta

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import (
    AuditContext,
    EntryId,
    LedgerEntry,
    audit_entry,
    commitment,
    suppression_entry,
)
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionRequest,
    new_suppression,
)
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FIRST, SECOND = Fingerprint(b"\xee" * 16), Fingerprint(b"\x11" * 16)
CONTEXT = AuditContext(actor="key:1", recorded_at=NOW, reference="2345-6789-ABCD")


def test_an_entry_says_what_was_stopped_and_why() -> None:
    entry, row = _entry(_row()), _row()
    assert (entry.type, entry.record_id, entry.context) == (
        EntryType.REPEATED,
        row.record_id,
        CONTEXT,
    )
    assert (entry.scope, entry.reason, entry.source) == (row.scope, row.reason, row.source)
    assert entry.expires_at == row.expires_at == NOW + timedelta(days=90)


def test_an_entry_has_the_date_and_the_way_of_its_own_stop_not_of_the_first() -> None:
    entry = _entry(_row())
    assert (entry.occurred_at, entry.evidence) == (NOW, Evidence.ONE_CLICK)


def test_an_entry_holds_no_fingerprint_and_no_salt() -> None:
    shown = repr(dataclasses.asdict(_entry(_row())))
    assert not any(repr(secret)[2:-1] in shown for secret in (FIRST, SECOND, b"s" * 32))


def test_a_commitment_is_sha256_over_the_salt_and_the_sorted_forms() -> None:
    expected = hashlib.sha256(b"s" * 32 + SECOND + FIRST).digest()
    assert _entry(_row()).commitment == commitment(b"s" * 32, [FIRST, SECOND]) == expected


def test_another_salt_or_another_form_is_another_commitment() -> None:
    commitments = [
        commitment(b"s" * 32, [FIRST]),
        commitment(b"t" * 32, [FIRST]),
        commitment(b"s" * 32, [FIRST, SECOND]),
    ]
    assert len(set(commitments)) == 3


def test_an_entry_of_a_deed_names_nobody_on_the_list() -> None:
    entry = audit_entry(EntryType.SIGNED_IN, CONTEXT, entry_id=EntryId(b"e" * 16), source="user:3")
    assert (entry.type, entry.context, entry.source) == (EntryType.SIGNED_IN, CONTEXT, "user:3")
    assert (entry.record_id, entry.commitment) == (None, b"")
    assert entry.occurred_at == NOW


def _row() -> Suppression:
    stop = SuppressionRequest(
        forms=(FIRST, SECOND),
        scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic="offers"),
        reason=Reason.IMPORTED,
        evidence=Evidence.IMPORT,
        occurred_at=NOW - timedelta(days=1),
        expires_at=NOW + timedelta(days=90),
        source="import:7",
    )
    return new_suppression(stop, record_id=RecordId(b"r" * 16), salt=b"s" * 32).suppression


def _entry(row: Suppression) -> LedgerEntry:
    return suppression_entry(
        row,
        EntryType.REPEATED,
        CONTEXT,
        entry_id=EntryId(b"e" * 16),
        evidence=Evidence.ONE_CLICK,
        occurred_at=NOW,
    )
