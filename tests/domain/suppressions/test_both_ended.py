"""How a stop that has already ended is merged into a row that has ended too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionChange,
    SuppressionRequest,
    merge_repeat,
    new_suppression,
)
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
YESTERDAY, LAST_WEEK = NOW - timedelta(days=1), NOW - timedelta(days=7)
PLAIN, MAILBOX, OTHER = (Fingerprint(bytes([number] * 16)) for number in (1, 2, 3))
ANOTHER = RecordId(b"a" * 16)


@pytest.mark.parametrize(
    ("end", "kept", "entry"),
    [
        (LAST_WEEK + HOUR, YESTERDAY, EntryType.REPEATED),
        (YESTERDAY + HOUR, YESTERDAY + HOUR, EntryType.EXTENDED),
    ],
)
def test_the_later_end_and_both_dates_stay(end: datetime, kept: datetime, entry: EntryType) -> None:
    row = _row(_stop(at=LAST_WEEK, end=YESTERDAY, forms=(PLAIN, MAILBOX)))
    before = LAST_WEEK - HOUR
    change = _merged(row, _stop(at=before, end=end, forms=(PLAIN,)))
    after = change.suppression
    assert (after.occurred_at, after.last_occurred_at) == (before, LAST_WEEK)
    assert (after.expires_at, change.entry) == (kept, entry)
    assert (after.forms, after.record_id) == (row.forms, row.record_id)


def test_one_with_another_form_begins_a_new_record() -> None:
    row = _row(_stop(at=LAST_WEEK, end=YESTERDAY))
    stop = _stop(at=LAST_WEEK, end=YESTERDAY, forms=(PLAIN, OTHER))
    assert _merged(row, stop) == new_suppression(stop, record_id=ANOTHER, salt=b"another")


def _stop(
    *, at: datetime, end: datetime, forms: tuple[Fingerprint, ...] = (PLAIN,)
) -> SuppressionRequest:
    return SuppressionRequest(
        forms=forms,
        scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING),
        reason=Reason.IMPORTED,
        evidence=Evidence.API,
        occurred_at=at,
        expires_at=end,
    )


def _row(stop: SuppressionRequest) -> Suppression:
    return new_suppression(stop, record_id=RecordId(b"r" * 16), salt=b"s" * 32).suppression


def _merged(row: Suppression, stop: SuppressionRequest) -> SuppressionChange:
    return merge_repeat(row, stop, now=NOW, record_id=ANOTHER, salt=b"another")
