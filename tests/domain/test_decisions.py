"""Properties of the decision: what must hold whatever stands on the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.decisions import Answer, ReasonGiven, decide
from suppression.domain.fingerprints import Subject
from suppression.domain.presets import preset_policies
from suppression.domain.questions import Question, Unaskable
from suppression.domain.standing import Standing, StandingConsent, StandingStop
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import (
    ATTESTABLE,
    Channel,
    Decision,
    Kind,
    Preset,
    Purpose,
    Reason,
    Sector,
    channels_of,
)

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TTL = timedelta(hours=1)
TOPICS = st.sampled_from(["", "newsletter", "offers"])
MOMENTS = st.integers(-100, 100).map(lambda minutes: NOW + timedelta(minutes=minutes))


@st.composite
def stops(draw: st.DrawFn) -> StandingStop:
    reason = draw(st.sampled_from(Reason))
    extent = draw(st.sampled_from(_extents(Purpose.MARKETING)))
    if reason.covers_everything:
        extent = Extent(channel=None, purpose=None)
    elif extent.channel is not None:
        extent = Extent(channel=extent.channel, purpose=extent.purpose, topic=draw(TOPICS))
    end = draw(st.none() | MOMENTS) if reason.may_expire else None
    return StandingStop(
        extent=extent, reason=reason, since=NOW - TTL, last_occurred_at=NOW - TTL, expires_at=end
    )


@st.composite
def questions(draw: st.DrawFn) -> Question:
    extent = draw(st.sampled_from(_extents(Purpose.MARKETING, Purpose.SERVICE)))
    if extent.channel is not None:
        extent = Extent(channel=extent.channel, purpose=extent.purpose, topic=draw(TOPICS))
    kind = extent.channel.kind if extent.channel else draw(st.sampled_from(list(_KINDS)))
    subject = Subject(kind=kind, forms=(), named=draw(st.booleans()), hashed=draw(st.booleans()))
    attested = draw(st.none() | st.sampled_from(sorted(ATTESTABLE)))
    return Question(subject=subject, extent=extent, attested=attested)


_KINDS = {channel.kind for channel in Channel}
PRESETS = st.sampled_from(Preset)


def _extents(*with_channel: Purpose) -> list[Extent]:
    on_channels = [Extent(channel=one, purpose=why) for one in Channel for why in with_channel]
    others = [Purpose.PROFILING, Purpose.SHARING]
    return on_channels + [Extent(channel=None, purpose=why) for why in others]


def _decision(question: Question, preset: Preset, *standing: StandingStop) -> Decision:
    policy = preset_policies(preset, Sector.GENERAL).policies[
        question.extent.channel, question.purpose
    ]
    return decide(question, policy, Standing(stops=tuple(standing)), now=NOW, ttl=TTL).decision


@given(questions(), PRESETS, st.lists(stops(), max_size=4), stops())
def test_adding_a_stop_never_turns_deny_or_unknown_into_allow(
    question: Question, preset: Preset, standing: list[StandingStop], more: StandingStop
) -> None:
    before = _decision(question, preset, *standing)
    after = _decision(question, preset, *standing, more)
    assert after is not Decision.ALLOW or before is Decision.ALLOW


@given(questions(), PRESETS, st.lists(stops(), max_size=4))
def test_the_order_of_stops_does_not_matter(
    question: Question, preset: Preset, standing: list[StandingStop]
) -> None:
    assert _decision(question, preset, *standing) is _decision(question, preset, *standing[::-1])


@given(questions(), PRESETS, st.lists(stops(), max_size=4))
def test_an_allow_has_a_basis_and_anything_else_a_reason(
    question: Question, preset: Preset, standing: list[StandingStop]
) -> None:
    policy = preset_policies(preset, Sector.GENERAL).policies[
        question.extent.channel, question.purpose
    ]
    answer = decide(question, policy, Standing(stops=tuple(standing)), now=NOW, ttl=TTL)
    assert (answer.basis is not None) is (answer.decision is Decision.ALLOW)
    assert bool(answer.reasons) is (answer.decision is not Decision.ALLOW)
    assert answer.valid_until is None or NOW < answer.valid_until <= NOW + TTL


@given(questions(), PRESETS)
def test_an_objection_on_the_channel_always_denies_marketing(
    question: Question, preset: Preset
) -> None:
    for channel in channels_of(question.subject.kind):
        extent = Extent(channel=channel, purpose=Purpose.MARKETING)
        stop = StandingStop(
            extent=extent, reason=Reason.OBJECTION, since=NOW, last_occurred_at=NOW, expires_at=None
        )
        asked = Question(subject=question.subject, extent=extent, attested=question.attested)
        assert _decision(asked, preset, stop) is Decision.DENY


@given(PRESETS, st.lists(stops(), max_size=4))
def test_what_cannot_be_understood_is_unknown_for_its_own_reason_alone(
    preset: Preset, standing: list[StandingStop]
) -> None:
    policy = preset_policies(preset, Sector.GENERAL).policies[Channel.EMAIL, Purpose.MARKETING]
    answer = decide(
        Unaskable(code="email_invalid"), policy, Standing(stops=tuple(standing)), now=NOW, ttl=TTL
    )
    reasons = (ReasonGiven(code="email_invalid"),)
    assert answer == Answer(decision=Decision.UNKNOWN, checked_at=NOW, reasons=reasons)


def test_a_hash_that_partners_lists_cannot_be_asked_with_is_unknown() -> None:
    extent = Extent(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
    hashed = Subject(kind=Kind.EMAIL, forms=(), hashed=True, partners_unasked=True)
    assert _decision(Question(subject=hashed, extent=extent), Preset.OBJECTION_ONLY) is (
        Decision.UNKNOWN
    )


@given(questions(), PRESETS, st.lists(stops(), max_size=3), st.none() | MOMENTS, MOMENTS, MOMENTS)
def test_only_what_both_clocks_allow_is_allowed(
    question: Question,
    preset: Preset,
    standing: list[StandingStop],
    until: datetime | None,
    here: datetime,
    there: datetime,
) -> None:
    policy = preset_policies(preset, Sector.GENERAL).policies[
        question.extent.channel, question.purpose
    ]
    consent = StandingConsent(
        extent=question.extent, given_at=NOW - 3 * TTL, until=until, lifts=True
    )
    known = Standing(stops=tuple(standing), consents=(consent,))
    by_each = [decide(question, policy, known, now=one, ttl=TTL) for one in (here, there)]
    answer = decide(question, policy, known, now=here, ttl=TTL, there=there)
    both = all(one.decision is Decision.ALLOW for one in by_each)
    assert (answer.decision is Decision.ALLOW) is both
    if both:
        assert answer == min(by_each, key=lambda one: one.checked_at)
    else:
        assert answer in by_each


def test_long_after_an_answer_its_reasons_are_those_of_the_later_clock() -> None:
    extent = Extent(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
    question = Question(subject=Subject(kind=Kind.EMAIL, forms=()), extent=extent)
    policies = preset_policies(Preset.FR_2026, Sector.GENERAL).policies
    policy = policies[Channel.EMAIL, Purpose.MARKETING]
    later = NOW + 2 * TTL
    for until, decision in ((NOW + 3 * TTL, Decision.ALLOW), (later, Decision.DENY)):
        consent = StandingConsent(extent=extent, given_at=NOW, until=until, lifts=True)
        known = Standing(consents=(consent,))
        for here, there in ((NOW, later), (later, NOW)):
            answer = decide(question, policy, known, now=here, ttl=TTL, there=there)
            assert answer.decision is decision
            assert answer.checked_at == (NOW if decision is Decision.ALLOW else later)
    unreadable = decide(
        Unaskable(code="malformed"), policy, Standing(), now=NOW, ttl=TTL, there=later
    )
    assert unreadable.checked_at == NOW
