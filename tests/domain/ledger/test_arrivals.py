"""Dates that the service sets itself keep the order of recording, whatever the clock says."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from suppression.adapters.observability.clock_watch import ahead_by, is_off
from suppression.domain.calendar.timestamps import TICK
from suppression.domain.consents.model import lifted_by
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.arrivals import unless_in_future
from suppression.domain.ledger.entries import (
    AuditContext,
    EntryDates,
    EntryId,
    LedgerEntry,
    suppression_entry,
)
from suppression.domain.ledger.replay import suppressions_at
from suppression.domain.suppressions.active import ActiveConsent
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionRequest,
    merge_repeat,
    new_suppression,
)
from suppression.domain.suppressions.releases import as_active
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
MAIL = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
CONTEXT = AuditContext(actor="key:1", recorded_at=NOW, reference="R")
ROW = RecordId(b"r" * 16)


def test_without_a_date_a_stop_counts_from_now() -> None:
    assert EntryDates(now=NOW).stop_at == NOW
    assert EntryDates(now=NOW, newest=NOW - HOUR).stop_at == NOW


def test_and_from_no_earlier_than_a_consent_that_was_there() -> None:
    assert EntryDates(now=NOW, newest=NOW + HOUR).stop_at == NOW + HOUR


def test_a_deed_is_recorded_now_and_after_the_last_about_its_record() -> None:
    late = dataclasses.replace(CONTEXT, recorded_at=NOW - HOUR)
    assert EntryDates(now=NOW).date_for(late).recorded_at == NOW
    assert EntryDates(now=NOW, last=NOW - HOUR).date_for(late).recorded_at == NOW
    assert EntryDates(now=NOW, last=NOW).date_for(late).recorded_at == NOW + TICK
    assert EntryDates(now=NOW, last=NOW + HOUR).date_for(late).recorded_at == NOW + HOUR + TICK


def test_a_date_to_come_is_none() -> None:
    assert unless_in_future(None, NOW) is None
    assert unless_in_future(NOW + TICK, NOW) is None
    assert unless_in_future(NOW, NOW) == NOW


def test_what_the_way_to_the_database_explains_is_no_offset() -> None:
    assert ahead_by(NOW, NOW, NOW) == timedelta()
    assert ahead_by(NOW, NOW + HOUR, NOW + 2 * HOUR) == timedelta()
    assert ahead_by(NOW, NOW - HOUR, NOW + HOUR) == HOUR
    assert ahead_by(NOW, NOW + 3 * HOUR, NOW + HOUR) == -2 * HOUR


def test_a_clock_that_was_off_agrees_again_within_a_second() -> None:
    two, duration = timedelta(seconds=2), timedelta(seconds=1)
    assert not is_off(two, was_off=False)
    assert is_off(-two - TICK, was_off=False)
    assert is_off(duration + TICK, was_off=True)
    assert not is_off(-duration, was_off=True)


@dataclass(slots=True)
class Store:
    """A model of one person's stop, consents and ledger, with a clock that can be set freely."""

    clock: datetime = NOW
    row: Suppression | None = None
    consents: list[ActiveConsent] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)

    def consent(self, given_at: datetime | None) -> None:
        """Record a consent, given at the stated time or now, but never ahead of the clock."""
        at = min(given_at or self.clock, self.clock)
        self.consents.append(ActiveConsent(scope=MAIL, given_at=at, until=None, lifts=True))

    def stop(self, occurred_at: datetime | None) -> None:
        """Record a stop with its stated date, or else with its date of arrival."""
        newest = max((consent.given_at for consent in self.consents), default=None)
        last = max((entry.context.recorded_at for entry in self.ledger), default=None)
        arrived = EntryDates(now=self.clock, newest=newest, last=last)
        stop = SuppressionRequest(
            forms=(Fingerprint(bytes(16)),),
            scope=MAIL,
            reason=Reason.UNSUBSCRIBE,
            evidence=Evidence.ONE_CLICK,
            occurred_at=occurred_at or arrived.stop_at,
        )
        context = arrived.date_for(CONTEXT)
        if self.row is None:
            change = new_suppression(stop, record_id=ROW, salt=bytes(16))
        else:
            change = merge_repeat(
                self.row, stop, now=context.recorded_at, record_id=ROW, salt=bytes(16)
            )
        self.row = change.suppression
        if change.entry:
            self._append(change.entry, context, stop.occurred_at)

    def release(self) -> None:
        """Release the stop, if one is in force."""
        if self.row is None or self.row.released_at:
            return
        last = max(entry.context.recorded_at for entry in self.ledger)
        context = EntryDates(now=self.clock, last=last).date_for(CONTEXT)
        self.row = dataclasses.replace(self.row, released_at=context.recorded_at)
        self._append(EntryType.RELEASE, context, context.recorded_at)

    def _append(self, what: EntryType, context: AuditContext, at: datetime) -> None:
        assert self.row
        entry = suppression_entry(
            self.row,
            what,
            context,
            entry_id=EntryId(bytes(16)),
            evidence=Evidence.ONE_CLICK,
            occurred_at=at,
        )
        self.ledger.append(entry)

    @property
    def lifted(self) -> bool:
        """Return whether any consent lifts the stop."""
        assert self.row
        stop = as_active(self.row)
        return any(lifted_by(consent, stop, MAIL) for consent in self.consents)


STEPS = st.one_of(
    st.just(timedelta(seconds=1)),
    st.sampled_from([-HOUR, HOUR]),
    st.integers(-90_000, 90_000).map(lambda seconds: timedelta(seconds=seconds)),
)
STATED = st.none() | st.integers(-9, 0).map(lambda hours: NOW + hours * HOUR)
EVENTS = st.tuples(STEPS, st.sampled_from(["consent", "stop", "release"]), STATED)
HISTORIES = st.lists(EVENTS, max_size=8)


def after(history: list[tuple[timedelta, str, datetime | None]]) -> Store:
    """Apply a history to a new Store and return it.

    Each event has the step of the clock before it, its kind, and its stated date if it has one.
    """
    store = Store()
    for step, what, stated in history:
        store.clock += step
        if what == "consent":
            store.consent(stated)
        elif what == "stop":
            store.stop(stated)
        else:
            store.release()
    return store


@given(HISTORIES, STEPS)
def test_a_stop_without_a_date_is_lifted_by_nothing_that_was_there_before(
    history: list[tuple[timedelta, str, datetime | None]], step: timedelta
) -> None:
    store = after([*history, (step, "stop", None)])
    assert store.row
    assert store.row.released_at is None
    assert not store.lifted


@given(HISTORIES, STEPS, st.integers(1, 9))
def test_a_consent_from_before_it_lifts_it_no_sooner_for_being_recorded_late(
    history: list[tuple[timedelta, str, datetime | None]], step: timedelta, hours: int
) -> None:
    store = after([*history, (step, "stop", None)])
    assert store.row
    store.consent(store.row.last_occurred_at - hours * HOUR)
    assert not store.lifted


@given(HISTORIES)
def test_a_consent_that_is_newer_by_the_clock_lifts_it(
    history: list[tuple[timedelta, str, datetime | None]],
) -> None:
    store = after([*history, (timedelta(), "stop", None)])
    assert store.row
    store.clock = max(store.clock, store.row.last_occurred_at) + TICK
    store.consent(None)
    assert store.lifted


@given(HISTORIES, STEPS)
def test_the_ledger_replays_to_the_dates_that_the_list_has(
    history: list[tuple[timedelta, str, datetime | None]], step: timedelta
) -> None:
    store = after([*history, (step, "stop", None)])
    assert store.row
    recorded = [entry.context.recorded_at for entry in store.ledger]
    assert recorded == sorted(set(recorded)), "in the order in which it happened"
    replayed = suppressions_at([store.row], store.ledger, recorded[-1])[ROW]
    assert replayed == as_active(store.row)
