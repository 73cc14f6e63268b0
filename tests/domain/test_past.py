"""What stood on a day: from the ledger, whatever happened since."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from suppression.domain.fingerprints import Fingerprint
from suppression.domain.ledger import Deed, EntryId, LedgerEntry, entry_for
from suppression.domain.past import stood_at
from suppression.domain.suppressions import Extent, RecordId, Suppression
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ROW = Suppression(
    record_id=RecordId(b"r" * 16),
    salt=b"s" * 32,
    forms=(Fingerprint(b"f" * 16),),
    extent=Extent(channel=Channel.EMAIL, purpose=Purpose.MARKETING),
    reason=Reason.OBJECTION,
    source="",
    evidence=Evidence.API,
    occurred_at=START,
    last_occurred_at=START,
    expires_at=None,
    released_at=None,
)


def entry(what: EntryType, day: int, row: Suppression = ROW) -> LedgerEntry:
    moment = START + day * DAY
    return entry_for(
        row,
        what,
        Deed(actor="key:1", recorded_at=moment, reference="R"),
        entry_id=EntryId(bytes(16)),
        evidence=Evidence.API,
        occurred_at=moment,
    )


def test_a_stop_stands_until_it_is_released_and_from_its_new_date_after() -> None:
    history = [
        entry(EntryType.STOP, 0),
        entry(EntryType.REPEATED, 1),
        entry(EntryType.RELEASE, 2),
        entry(EntryType.STOP, 4),
    ]
    assert stood_at([ROW], [], START) == {}
    assert stood_at([ROW], history[:2], START + DAY)[ROW.record_id].since == START
    assert stood_at([ROW], history[:3], START + 3 * DAY) == {}
    again = stood_at([ROW], history, START + 5 * DAY)
    assert again[ROW.record_id].since == START + 4 * DAY


def test_a_repeat_that_is_entered_late_does_not_make_the_stop_older() -> None:
    late = dataclasses.replace(entry(EntryType.REPEATED, 3), occurred_at=START)
    found = stood_at([ROW], [entry(EntryType.STOP, 2), late], START + 4 * DAY)[ROW.record_id]
    assert (found.since, found.last_occurred_at) == (START, START + 2 * DAY)


def test_what_ends_by_itself_does_not_stand_after_its_end() -> None:
    ending = dataclasses.replace(ROW, expires_at=START + DAY)
    history = [entry(EntryType.STOP, 0, ending)]
    assert stood_at([ending], history, START + DAY)
    assert not stood_at([ending], history, START + 2 * DAY)


def test_an_entry_about_nobody_tells_nothing() -> None:
    policy = dataclasses.replace(entry(EntryType.POLICY, 0), record_id=None)
    assert stood_at([ROW], [policy], START) == {}
