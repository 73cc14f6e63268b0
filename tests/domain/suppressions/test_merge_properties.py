"""Properties of merging stops into one row that must hold for any history."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import (
    Outcome,
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
MOMENTS = st.integers(-9, 9).map(lambda days: NOW + timedelta(days=days))
PAST = st.integers(-9, 0).map(lambda days: NOW + timedelta(days=days))
FUTURE = st.integers(1, 9).map(lambda days: NOW + timedelta(days=days))
PRIMARY, *OTHERS = (Fingerprint(bytes([number] * 16)) for number in range(4))


@st.composite
def stops(draw: st.DrawFn, ends: st.SearchStrategy[datetime] = MOMENTS) -> SuppressionRequest:
    others = draw(st.lists(st.sampled_from(OTHERS), unique=True))
    return SuppressionRequest(
        forms=(PRIMARY, *others),
        scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING),
        reason=Reason.IMPORTED,
        evidence=Evidence.API,
        occurred_at=draw(PAST),
        expires_at=draw(st.none() | ends),
    )


@st.composite
def rows(draw: st.DrawFn) -> Suppression:
    """Draw any row: in force, ended or released."""
    row = _joined(*draw(st.lists(stops(), min_size=1, max_size=3)))
    return dataclasses.replace(row, released_at=draw(st.none() | PAST))


@given(st.lists(stops(ends=FUTURE), min_size=1, max_size=4), st.data())
def test_what_stands_does_not_depend_on_the_order_of_stops(
    came: list[SuppressionRequest], data: st.DataObject
) -> None:
    other_order = data.draw(st.permutations(came))
    assert _values(_joined(*came)) == _values(_joined(*other_order))


@given(st.lists(stops(), min_size=1, max_size=4), st.data(), MOMENTS.filter(lambda at: at >= NOW))
def test_whether_it_denies_does_not_depend_on_the_order_of_ended_stops_either(
    came: list[SuppressionRequest], data: st.DataObject, later: datetime
) -> None:
    other_order = data.draw(st.permutations(came))
    denies = any(stop.expires_at is None or stop.expires_at >= later for stop in came)
    assert _joined(*came).in_force(later) is _joined(*other_order).in_force(later) is denies


@given(rows(), stops(), MOMENTS)
def test_a_stop_never_makes_a_row_end_earlier_whatever_the_time_really_is(
    row: Suppression, stop: SuppressionRequest, at: datetime
) -> None:
    after = _merged(row, stop).suppression
    set_aside = after.record_id != row.record_id
    assert after.in_force(at) or set_aside or not row.in_force(at)


@given(rows(), stops())
def test_a_stop_that_stands_takes_no_form_away(row: Suppression, stop: SuppressionRequest) -> None:
    after = _merged(row, stop).suppression
    ended = stop.expires_at is not None and stop.expires_at < NOW
    assert set(stop.forms) <= set(after.forms) or (ended and row.in_force(NOW))
    assert after.forms[: len(row.forms)] == row.forms or not row.in_force(NOW)
    assert len(after.forms) == len(set(after.forms))


@given(rows(), stops(ends=FUTURE))
def test_the_same_stop_twice_is_that_stop_once(row: Suppression, stop: SuppressionRequest) -> None:
    once = _merged(row, stop).suppression
    again = _merged(once, stop)
    assert (again.suppression, again.outcome, again.entry) == (once, Outcome.ALREADY, None)


@given(rows(), stops())
def test_the_ledger_learns_of_every_change_and_of_nothing_else(
    row: Suppression, stop: SuppressionRequest
) -> None:
    change = _merged(row, stop)
    ended = stop.expires_at is not None and stop.expires_at < NOW
    both_ended = ended and row.released_at is None and set(stop.forms) <= set(row.forms)
    if row.in_force(NOW) or both_ended:
        assert (change.entry is None) is (change.suppression == row)
        assert change.entry is not EntryType.STOP
    else:
        assert (change.outcome, change.entry) == (Outcome.CREATED, EntryType.STOP)


def _merged(row: Suppression, stop: SuppressionRequest) -> SuppressionChange:
    return merge_repeat(row, stop, now=NOW, record_id=RecordId(b"a" * 16), salt=bytes(32))


def _joined(first: SuppressionRequest, *others: SuppressionRequest) -> Suppression:
    row = new_suppression(first, record_id=RecordId(bytes(16)), salt=bytes(32)).suppression
    for stop in others:
        row = _merged(row, stop).suppression
    return row


def _values(row: Suppression) -> tuple[object, ...]:
    return row.occurred_at, row.last_occurred_at, row.expires_at, frozenset(row.forms)
