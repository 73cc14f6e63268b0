"""How a new stop changes the row on record (docs/architecture.md#suppressions)."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from suppression.domain.errors import InvalidValueError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import (
    Outcome,
    RecordId,
    Scope,
    Suppression,
    SuppressionChange,
    SuppressionRequest,
    check_dates,
    merge_repeat,
    new_suppression,
    satisfies,
)
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
LAST_WEEK, NEXT_WEEK = NOW - timedelta(days=7), NOW + timedelta(days=7)
PLAIN, MAILBOX, OTHER = (Fingerprint(bytes([number] * 16)) for number in (1, 2, 3))
ANOTHER = RecordId(b"a" * 16)
ENDED = "ended"
RELEASED = "released"


def test_a_first_stop_is_created_with_its_own_dates() -> None:
    change = new_suppression(
        _stop(at=YESTERDAY, end=TOMORROW), record_id=RecordId(b"r" * 16), salt=b"salt"
    )
    row = change.suppression
    assert (change.outcome, change.entry) == (Outcome.CREATED, EntryType.STOP)
    assert (row.occurred_at, row.last_occurred_at, row.expires_at) == (
        YESTERDAY,
        YESTERDAY,
        TOMORROW,
    )
    assert (row.record_id, row.salt, row.released_at) == (b"r" * 16, b"salt", None)


def test_a_stop_and_its_row_are_kept_under_the_first_form() -> None:
    stop = _stop(forms=(PLAIN, MAILBOX))
    assert stop.primary == _row(stop).primary == PLAIN


def test_a_later_stop_keeps_since_and_moves_the_last_date() -> None:
    change = _repeat(_stop(at=LAST_WEEK), _stop(at=YESTERDAY))
    assert _dates(change) == (LAST_WEEK, YESTERDAY)
    assert (change.outcome, change.entry) == (Outcome.ALREADY, EntryType.REPEATED)


def test_an_earlier_stop_moves_since_and_keeps_the_last_date() -> None:
    change = _repeat(_stop(at=YESTERDAY), _stop(at=LAST_WEEK))
    assert _dates(change) == (LAST_WEEK, YESTERDAY)
    assert (change.outcome, change.entry) == (Outcome.ALREADY, EntryType.REPEATED)


def test_the_same_stop_again_changes_nothing_and_enters_nothing() -> None:
    row = _row(_stop(at=YESTERDAY))
    change = _merged(row, _stop(at=YESTERDAY))
    assert change == SuppressionChange(suppression=row, outcome=Outcome.ALREADY, entry=None)


@pytest.mark.parametrize(
    ("end", "sent", "kept", "outcome"),
    [
        (TOMORROW, NEXT_WEEK, NEXT_WEEK, Outcome.EXTENDED),
        (NEXT_WEEK, TOMORROW, NEXT_WEEK, Outcome.ALREADY),
        (TOMORROW, TOMORROW, TOMORROW, Outcome.ALREADY),
        (TOMORROW, None, None, Outcome.EXTENDED),
        (None, TOMORROW, None, Outcome.ALREADY),
        (None, None, None, Outcome.ALREADY),
    ],
)
def test_the_later_end_holds_and_none_beats_any(
    end: datetime | None, sent: datetime | None, kept: datetime | None, outcome: Outcome
) -> None:
    change = _repeat(_stop(end=end), _stop(end=sent))
    assert (change.suppression.expires_at, change.outcome) == (kept, outcome)
    assert change.entry is (EntryType.EXTENDED if outcome is Outcome.EXTENDED else None)


def test_a_stop_that_brings_another_form_extends_the_row_and_keeps_its_primary() -> None:
    change = _repeat(_stop(forms=(PLAIN, MAILBOX)), _stop(forms=(PLAIN, OTHER)))
    assert change.suppression.forms == (PLAIN, MAILBOX, OTHER)
    assert (change.outcome, change.entry) == (Outcome.EXTENDED, EntryType.EXTENDED)


def test_a_stop_with_fewer_forms_takes_none_away() -> None:
    change = _repeat(_stop(forms=(PLAIN, MAILBOX)), _stop(forms=(PLAIN,)))
    assert change.suppression.forms == (PLAIN, MAILBOX)
    assert change.outcome is Outcome.ALREADY


def test_a_row_remembers_the_newest_rules_that_made_its_forms() -> None:
    older = dataclasses.replace(_stop(), canonicalisation=1)
    newer = dataclasses.replace(_stop(), canonicalisation=2)
    assert _repeat(older, newer).suppression.canonicalisation == 2
    assert _repeat(newer, older).suppression.canonicalisation == 2


def test_a_repeat_keeps_how_the_first_stop_came_unless_that_was_a_click() -> None:
    clicked = dataclasses.replace(_stop(at=YESTERDAY), evidence=Evidence.ONE_CLICK)
    assert _repeat(_stop(at=YESTERDAY), clicked).suppression.evidence is Evidence.API
    assert _repeat(clicked, _stop(at=NOW)).suppression.evidence is Evidence.API
    on_page = dataclasses.replace(_stop(at=NOW), evidence=Evidence.LINK_PAGE)
    assert _repeat(clicked, on_page).suppression.evidence is Evidence.ONE_CLICK


def test_a_further_click_is_entered_even_if_it_has_the_date_of_the_first() -> None:
    clicked = dataclasses.replace(_stop(at=YESTERDAY), evidence=Evidence.LINK_PAGE)
    again = dataclasses.replace(clicked, evidence=Evidence.ONE_CLICK)
    row = _row(clicked)
    assert _merged(row, again) == SuppressionChange(
        suppression=row, outcome=Outcome.ALREADY, entry=EntryType.REPEATED
    )
    assert _repeat(_stop(at=YESTERDAY), again).entry is None


@pytest.mark.parametrize("over", [ENDED, RELEASED])
def test_a_row_that_is_over_is_reopened_with_the_new_stops_own_dates_and_forms(over: str) -> None:
    row = _over(over, forms=(PLAIN, MAILBOX))
    change = _merged(row, _stop(at=YESTERDAY, end=NEXT_WEEK, forms=(PLAIN, OTHER)))
    assert (change.outcome, change.entry) == (Outcome.CREATED, EntryType.STOP)
    assert _dates(change) == (YESTERDAY, YESTERDAY)
    assert change.suppression.expires_at == NEXT_WEEK
    assert change.suppression.forms == (PLAIN, OTHER)
    assert change.suppression.in_force(NOW)


@pytest.mark.parametrize("over", [ENDED, RELEASED])
def test_a_reopened_row_stays_the_same_record(over: str) -> None:
    row = _over(over)
    reopened = _merged(row, _stop(at=NOW)).suppression
    assert (reopened.record_id, reopened.salt) == (row.record_id, row.salt)


@pytest.mark.parametrize("over", [ENDED, RELEASED])
def test_a_reopened_row_knows_up_to_when_it_had_ended_consents(over: str) -> None:
    row = dataclasses.replace(_over(over), consents_void_until=LAST_WEEK)
    assert _merged(row, _stop(at=NOW)).suppression.consents_void_until == LAST_WEEK


@pytest.mark.parametrize("over", [ENDED, RELEASED])
@pytest.mark.parametrize("forms", [(PLAIN,), (PLAIN, OTHER), (PLAIN, MAILBOX, OTHER)])
def test_a_row_that_named_others_is_not_reopened_but_followed_by_another_record(
    over: str, forms: tuple[Fingerprint, ...]
) -> None:
    row = dataclasses.replace(_over(over, (PLAIN, MAILBOX)), consents_void_until=TOMORROW)
    stop = _stop(at=NOW, forms=forms)
    change = _merged(row, stop)
    assert change == new_suppression(stop, record_id=ANOTHER, salt=b"another")
    assert change.suppression.consents_void_until is None


@pytest.mark.parametrize("source", ["", "case:2345-6789-ABCD", "imp_2345678abc"])
def test_a_record_that_is_set_aside_has_a_key_of_its_own_and_says_where_it_came_from(
    source: str,
) -> None:
    row = dataclasses.replace(_over(RELEASED), source=source)
    aside = dataclasses.replace(row, source=row.source_set_aside)
    assert aside.source.startswith(source)
    assert source != aside.source
    assert (row.origin, aside.origin) == (source, source)
    assert len(aside.source) <= 64
    assert dataclasses.replace(row, record_id=ANOTHER).source_set_aside != aside.source


def test_a_row_still_holds_at_its_end_and_not_a_moment_later() -> None:
    row = _row(_stop(end=TOMORROW))
    assert row.in_force(TOMORROW)
    assert not row.in_force(TOMORROW + timedelta(microseconds=1))


def test_a_row_without_an_end_holds_until_it_is_released() -> None:
    row = _row(_stop())
    assert row.in_force(datetime.max.replace(tzinfo=UTC))
    assert not dataclasses.replace(row, released_at=NOW).in_force(NOW)


def test_a_row_shows_no_fingerprint_and_no_salt_in_its_repr() -> None:
    shown = repr(_row(_stop(forms=(PLAIN,))))
    assert repr(PLAIN) not in shown
    assert "salt" not in shown


@pytest.mark.parametrize("ahead", [timedelta(days=-30), timedelta(0), timedelta(minutes=5)])
def test_a_stop_may_be_old_or_five_minutes_ahead(ahead: timedelta) -> None:
    assert _pointers(Reason.OBJECTION, NOW + ahead, None) == []


def test_a_stop_more_than_five_minutes_ahead_is_refused() -> None:
    late = NOW + timedelta(minutes=5, microseconds=1)
    assert _pointers(Reason.OBJECTION, late, None) == ["/occurred_at"]


@pytest.mark.parametrize("reason", Reason)
def test_only_bounces_and_imports_may_end_by_themselves(reason: Reason) -> None:
    may_end = reason in {Reason.UNDELIVERABLE, Reason.IMPORTED}
    assert _pointers(reason, NOW, TOMORROW) == ([] if may_end else ["/expires_at"])


@pytest.mark.parametrize("end", [YESTERDAY, NOW])
def test_a_stop_that_would_end_before_it_began_is_refused(end: datetime) -> None:
    assert _pointers(Reason.IMPORTED, NOW, end) == ["/expires_at"]


def test_what_was_reassigned_is_not_opened_again_by_another_person_s_stop() -> None:
    over = dataclasses.replace(_over(RELEASED), consents_void_until=YESTERDAY)
    change = _merged(over, _stop())
    assert over.reassigned
    assert (change.suppression.record_id, change.suppression.consents_void_until) == (ANOTHER, None)
    earlier = dataclasses.replace(over, consents_void_until=LAST_WEEK)
    assert not earlier.reassigned
    assert _merged(earlier, _stop()).suppression.record_id == over.record_id


def _stop(
    *,
    at: datetime = YESTERDAY,
    end: datetime | None = None,
    forms: tuple[Fingerprint, ...] = (PLAIN,),
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


def _repeat(first: SuppressionRequest, second: SuppressionRequest) -> SuppressionChange:
    return _merged(_row(first), second)


def _merged(row: Suppression, stop: SuppressionRequest) -> SuppressionChange:
    return merge_repeat(row, stop, now=NOW, record_id=ANOTHER, salt=b"another")


def _over(how: str, forms: tuple[Fingerprint, ...] = (PLAIN,)) -> Suppression:
    if how == RELEASED:
        return dataclasses.replace(_row(_stop(at=LAST_WEEK, forms=forms)), released_at=YESTERDAY)
    return _row(_stop(at=LAST_WEEK, end=YESTERDAY, forms=forms))


def _dates(change: SuppressionChange) -> tuple[datetime, datetime]:
    return change.suppression.occurred_at, change.suppression.last_occurred_at


def _pointers(reason: Reason, occurred_at: datetime, expires_at: datetime | None) -> list[str]:
    try:
        check_dates(reason, occurred_at, expires_at, now=NOW)
    except InvalidValueError as error:
        return [fault.pointer for fault in error.faults]
    return []


def test_a_stop_that_had_ended_when_it_came_changes_nothing_that_stands() -> None:
    row = _row(_stop(at=YESTERDAY))
    change = _merged(row, _stop(at=LAST_WEEK, end=YESTERDAY, forms=(PLAIN, OTHER)))
    assert change == SuppressionChange(suppression=row, outcome=Outcome.ALREADY, entry=None)


@pytest.mark.parametrize(
    ("stop", "held"),
    [
        ({}, True),
        ({"forms": (PLAIN,)}, True),
        ({"forms": (PLAIN, OTHER)}, False),
        ({"forms": (OTHER,)}, False),
        ({"end": TOMORROW}, True),
        ({"end": NEXT_WEEK}, False),
    ],
)
def test_a_row_holds_what_it_covers_for_as_long(stop: dict[str, Any], held: bool) -> None:  # noqa: FBT001
    row = _row(_stop(forms=(PLAIN, MAILBOX), end=TOMORROW))
    assert satisfies(row, _stop(**{"end": TOMORROW, **stop})) is held


@pytest.mark.parametrize("year", [9000, 9999])
def test_an_end_that_never_comes_is_refused(year: int) -> None:
    end = datetime(year, 12, 31, 23, tzinfo=UTC)
    assert _pointers(Reason.IMPORTED, NOW, end) == ["/expires_at"]
    assert _pointers(Reason.IMPORTED, NOW, end.replace(year=8999)) == []
