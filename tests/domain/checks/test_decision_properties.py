"""Properties of the decision for any policy, place and time (docs/decisions/0017)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from suppression.domain.calendar.contact_hours import day_in, midnight
from suppression.domain.checks.decision import CheckResult, decide
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.consents.model import end_of
from suppression.domain.policies.model import Policy
from suppression.domain.suppressions.active import ContactHistory, SubjectState
from suppression.domain.vocabulary import Basis, Channel, Decision
from tests.domain.checks import strategies as some
from tests.length import length

TTL = timedelta(days=40)  # so long that it hides no end
TICK = timedelta(microseconds=1)
ALLOW = Decision.ALLOW


@dataclass(frozen=True, slots=True)
class World:
    """A check request with all that its result depends on."""

    check: CheckRequest
    policy: Policy
    state: SubjectState
    now: datetime

    def at(self, instant: datetime) -> CheckResult:
        """Return the result of the check at another instant, with the state unchanged."""
        return decide(self.check, self.policy, self.state, now=instant, ttl=TTL)

    def with_contacts(self, **more: datetime) -> World:
        """Return this world with further attempts or refusals."""
        contacts = self.state.contacts
        added = {name: (*getattr(contacts, name), instant) for name, instant in more.items()}
        contacts = dataclasses.replace(contacts, **added)
        state = dataclasses.replace(self.state, contacts=contacts)
        return dataclasses.replace(self, state=state)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    now, channel = draw(some.nows()), draw(st.sampled_from([Channel.TELEPHONE, *Channel]))
    return World(
        draw(some.check_requests(now, channel)),
        draw(some.policies(channel)),
        draw(some.standings(now, channel)),
        now,
    )


@given(worlds(), st.data())
def test_adding_a_stop_never_turns_deny_or_unknown_into_allow(
    world: World, data: st.DataObject
) -> None:
    channel = world.check.scope.channel
    assert channel is not None
    stop = data.draw(some.stops(world.now, channel))
    stops = (*world.state.suppressions, stop)
    more = dataclasses.replace(world, state=dataclasses.replace(world.state, suppressions=stops))
    assert more.at(world.now).decision is not ALLOW or world.at(world.now).decision is ALLOW


@given(worlds(), st.data())
def test_adding_an_attempt_or_a_refusal_never_turns_deny_into_allow(
    world: World, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["attempts", "refusals"]))
    more = world.with_contacts(**{name: data.draw(some.before(world.now, 4))})
    assert more.at(world.now).decision is not ALLOW or world.at(world.now).decision is ALLOW
    first, later = world.at(world.now).retry_at, more.at(world.now).retry_at
    assert later is None or first is None or later >= first or first == world.now


@given(worlds())
def test_a_consent_that_ended_never_allows(world: World) -> None:
    months = world.policy.consent_months
    over = tuple(
        consent
        for consent in world.state.consents
        if (end := end_of(consent, months)) is not None and end <= world.now
    )
    with_them = dataclasses.replace(world.state, consents=over)
    without = dataclasses.replace(world.state, consents=())
    result = dataclasses.replace(world, state=with_them).at(world.now)
    other = dataclasses.replace(world, state=without).at(world.now)
    assert (result.decision, result.basis) == (other.decision, other.basis)
    assert result.basis is not Basis.CONSENT or world.check.attested is Basis.CONSENT


@settings(max_examples=length(40, long=1000))  # each looks at many moments
@given(worlds())
def test_what_may_be_retried_is_allowed_then_and_not_before(world: World) -> None:
    answer = world.at(world.now)
    assume(answer.retry_at is not None)
    assert answer.retry_at is not None
    assert world.at(answer.retry_at).decision is ALLOW
    assert answer.decision is Decision.DENY
    for instant in _between(world, world.now, answer.retry_at):
        assert world.at(instant).decision is not ALLOW, instant


@settings(max_examples=length(40, long=1000))  # each looks at many moments
@given(worlds())
def test_an_allow_holds_until_it_says(world: World) -> None:
    answer = world.at(world.now)
    assume(answer.decision is ALLOW)
    assert answer.valid_until is not None
    assert answer.valid_until > world.now
    for instant in _between(world, world.now, answer.valid_until):
        assert world.at(instant).decision is ALLOW, instant


@given(worlds(), st.data())
def test_a_plan_is_answered_as_the_moment_itself_would_be(
    world: World, data: st.DataObject
) -> None:
    planned = data.draw(some.near(world.now, 20))
    check = dataclasses.replace(world.check, at=planned)
    answer = decide(check, world.policy, world.state, now=world.now, ttl=TTL)
    then = world.at(max(planned, world.now))
    assert (answer.decision, answer.basis, answer.reasons, answer.retry_at) == (
        then.decision,
        then.basis,
        then.reasons,
        then.retry_at,
    )


@given(worlds())
def test_whatever_the_order_of_what_stands_the_answer_is_the_same(world: World) -> None:
    state, contacts = world.state, world.state.contacts
    turned = SubjectState(
        suppressions=state.suppressions[::-1],
        consents=state.consents[::-1],
        contacts=ContactHistory(
            attempts=contacts.attempts[::-1],
            refusals=contacts.refusals[::-1],
            callbacks=contacts.callbacks[::-1],
        ),
    )
    assert dataclasses.replace(world, state=turned).at(world.now) == world.at(world.now)


def _between(world: World, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield times from `start` to before `end`: those at which the result may change, and others.

    They include the times right before and after each possible change.
    """
    edges = {end, start, *_edges_of_days(world, start, end), *_edges_in_force(world)}
    steps = {start + (end - start) * part / 15 for part in range(15)}
    around = {instant + by for instant in edges for by in (-TICK, timedelta(), TICK)} | steps
    middles = {first + (second - first) / 2 for first, second in pairwise(sorted(edges))}
    yield from sorted(instant for instant in around | middles if start <= instant < end)


def _edges_of_days(world: World, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield midnights, and begins and ends of calling hours, in each zone of person and policy."""
    hours = world.policy.hours
    zones = {*world.check.subject.place.zones, "UTC"}
    zones |= {hours.time_zone} - {""} if hours else set()
    minutes = {minute for span in hours.spans for minute in span} if hours else set()
    for zone in zones:
        day = day_in(zone, start)
        while midnight(zone, day) < end:
            first = midnight(zone, day)
            yield first
            for minute in minutes:
                yield first + timedelta(minutes=minute)
            day += timedelta(days=1)


def _edges_in_force(world: World) -> Iterator[datetime]:
    state, length = world.state, timedelta(minutes=world.policy.appointment_minutes)
    for start in (*state.contacts.callbacks, world.check.appointment_at):
        if start:
            yield start
            yield start + length
    for stop in state.suppressions:
        if stop.expires_at:
            yield stop.expires_at
    for consent in state.consents:
        if end := end_of(consent, world.policy.consent_months):
            yield end
