from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry, suppression_entry
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionRequest,
    new_suppression,
)
from suppression.domain.unsubscribe.confirmations import (
    Confirmation,
    CreatedRow,
    created_by,
    digest_of,
    in_reading_order,
    is_still_the_click,
)
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
EMAIL = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
RECORD = RecordId(b"r" * 16)
CLICK = Confirmation(
    code_digest=digest_of("code"),
    controller_number=1,
    reference="2345-6789-ABCD",
    recorded_at=NOW,
    since=NOW,
    stopped=(EMAIL,),
    created_rows=CreatedRow(record_id=RECORD, primary=Fingerprint(b"f" * 16)),
)
ROW = new_suppression(
    SuppressionRequest(
        forms=(Fingerprint(b"f" * 16),),
        scope=EMAIL,
        reason=Reason.UNSUBSCRIBE,
        evidence=Evidence.LINK_PAGE,
        occurred_at=NOW,
    ),
    record_id=RECORD,
    salt=bytes(32),
).suppression


def test_a_click_may_be_undone_for_a_day() -> None:
    assert CLICK.undo_in_time(NOW + timedelta(hours=24) - timedelta(microseconds=1))
    assert not CLICK.undo_in_time(NOW + timedelta(hours=24))


def test_a_click_that_made_no_row_or_is_undone_may_not() -> None:
    assert not dataclasses.replace(CLICK, created_rows=None).undo_in_time(NOW)
    assert not dataclasses.replace(CLICK, undone_at=NOW).undo_in_time(NOW)


def test_the_token_says_which_row_by_which_page() -> None:
    other_page = dataclasses.replace(CLICK, code_digest=digest_of("other"))
    nothing = dataclasses.replace(CLICK, created_rows=None)
    assert len({confirmation.undo_payload for confirmation in (CLICK, other_page, nothing)}) == 3


def test_it_is_still_the_click_while_its_entry_is_the_last() -> None:
    assert still(ROW, [entry(EntryType.STOP, CLICK.reference)])


def test_it_is_no_longer_the_click_once_something_was_said() -> None:
    own_entry = entry(EntryType.STOP, CLICK.reference)
    assert not still(ROW, [own_entry, entry(EntryType.REPEATED, "other")])
    assert not still(ROW, [own_entry, entry(EntryType.REPEATED, CLICK.reference)])
    assert not still(ROW, [entry(EntryType.STOP, "other")])
    assert not still(ROW, [])


def test_a_row_that_ended_is_nothing_to_undo() -> None:
    released = dataclasses.replace(ROW, released_at=NOW)
    assert not still(released, [entry(EntryType.STOP, CLICK.reference)])


def test_a_row_is_of_the_click_whose_reference_opened_it() -> None:
    own_entry = entry(EntryType.STOP, CLICK.reference)
    assert created_by(CLICK, [own_entry, entry(EntryType.RELEASE, "other")])
    assert not created_by(CLICK, [entry(EntryType.STOP, "other")])
    assert not created_by(CLICK, [entry(EntryType.REPEATED, CLICK.reference)])


def test_what_stopped_is_told_once_channels_first() -> None:
    profiling = Scope(channel=None, purpose=Purpose.PROFILING)
    sms = Scope(channel=Channel.SMS, purpose=Purpose.MARKETING)
    assert in_reading_order([profiling, sms, EMAIL, sms]) == (EMAIL, sms, profiling)


def still(row: Suppression, history: list[LedgerEntry]) -> bool:
    """Return whether a row is still as the click made it."""
    return is_still_the_click(CLICK, row, history, now=NOW)


def entry(kind: EntryType, reference: str) -> LedgerEntry:
    """Return an entry about ROW with a kind and a reference."""
    context = AuditContext(actor="link", recorded_at=NOW, reference=reference)
    return suppression_entry(
        ROW,
        kind,
        context,
        entry_id=EntryId(b"e" * 16),
        evidence=Evidence.LINK_PAGE,
        occurred_at=NOW,
    )
