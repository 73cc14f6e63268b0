"""Properties of the decision that must hold whatever is on the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.checks.decision import CheckResult, ReasonGiven, decide
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.policies.presets import preset_policies
from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression, SubjectState
from suppression.domain.suppressions.model import Scope
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
def stops(draw: st.DrawFn) -> ActiveSuppression:
    reason = draw(st.sampled_from(Reason))
    scope = draw(st.sampled_from(_scopes(Purpose.MARKETING)))
    if reason.covers_everything:
        scope = Scope(channel=None, purpose=None)
    elif scope.channel is not None:
        scope = Scope(channel=scope.channel, purpose=scope.purpose, topic=draw(TOPICS))
    end = draw(st.none() | MOMENTS) if reason.may_expire else None
    return ActiveSuppression(
        scope=scope, reason=reason, since=NOW - TTL, last_occurred_at=NOW - TTL, expires_at=end
    )


@st.composite
def check_requests(draw: st.DrawFn) -> CheckRequest:
    scope = draw(st.sampled_from(_scopes(Purpose.MARKETING, Purpose.SERVICE)))
    if scope.channel is not None:
        scope = Scope(channel=scope.channel, purpose=scope.purpose, topic=draw(TOPICS))
    kind = scope.channel.kind if scope.channel else draw(st.sampled_from(list(_KINDS)))
    subject = Subject(kind=kind, forms=(), named=draw(st.booleans()), hashed=draw(st.booleans()))
    attested = draw(st.none() | st.sampled_from(sorted(ATTESTABLE)))
    return CheckRequest(subject=subject, scope=scope, attested=attested)


_KINDS = {channel.kind for channel in Channel}
PRESETS = st.sampled_from(Preset)


def _scopes(*with_channel: Purpose) -> list[Scope]:
    on_channels = [
        Scope(channel=channel, purpose=why) for channel in Channel for why in with_channel
    ]
    others = [Purpose.PROFILING, Purpose.SHARING]
    return on_channels + [Scope(channel=None, purpose=why) for why in others]


def _decision(check: CheckRequest, preset: Preset, *suppressions: ActiveSuppression) -> Decision:
    policy = preset_policies(preset, Sector.GENERAL).policies[check.scope.channel, check.purpose]
    return decide(
        check, policy, SubjectState(suppressions=tuple(suppressions)), now=NOW, ttl=TTL
    ).decision


@given(check_requests(), PRESETS, st.lists(stops(), max_size=4), stops())
def test_adding_a_stop_never_turns_deny_or_unknown_into_allow(
    check: CheckRequest,
    preset: Preset,
    suppressions: list[ActiveSuppression],
    more: ActiveSuppression,
) -> None:
    before = _decision(check, preset, *suppressions)
    after = _decision(check, preset, *suppressions, more)
    assert after is not Decision.ALLOW or before is Decision.ALLOW


@given(check_requests(), PRESETS, st.lists(stops(), max_size=4))
def test_the_order_of_stops_does_not_matter(
    check: CheckRequest, preset: Preset, suppressions: list[ActiveSuppression]
) -> None:
    assert _decision(check, preset, *suppressions) is _decision(check, preset, *suppressions[::-1])


@given(check_requests(), PRESETS, st.lists(stops(), max_size=4))
def test_an_allow_has_a_basis_and_anything_else_a_reason(
    check: CheckRequest, preset: Preset, suppressions: list[ActiveSuppression]
) -> None:
    policy = preset_policies(preset, Sector.GENERAL).policies[check.scope.channel, check.purpose]
    answer = decide(check, policy, SubjectState(suppressions=tuple(suppressions)), now=NOW, ttl=TTL)
    assert (answer.basis is not None) is (answer.decision is Decision.ALLOW)
    assert bool(answer.reasons) is (answer.decision is not Decision.ALLOW)
    assert answer.valid_until is None or NOW < answer.valid_until <= NOW + TTL


@given(check_requests(), PRESETS)
def test_an_objection_on_the_channel_always_denies_marketing(
    check: CheckRequest, preset: Preset
) -> None:
    for channel in channels_of(check.subject.kind):
        scope = Scope(channel=channel, purpose=Purpose.MARKETING)
        stop = ActiveSuppression(
            scope=scope, reason=Reason.OBJECTION, since=NOW, last_occurred_at=NOW, expires_at=None
        )
        narrowed = CheckRequest(subject=check.subject, scope=scope, attested=check.attested)
        assert _decision(narrowed, preset, stop) is Decision.DENY


@given(PRESETS, st.lists(stops(), max_size=4))
def test_what_cannot_be_understood_is_unknown_for_its_own_reason_alone(
    preset: Preset, suppressions: list[ActiveSuppression]
) -> None:
    policy = preset_policies(preset, Sector.GENERAL).policies[Channel.EMAIL, Purpose.MARKETING]
    answer = decide(
        InvalidCheck(code="email_invalid"),
        policy,
        SubjectState(suppressions=tuple(suppressions)),
        now=NOW,
        ttl=TTL,
    )
    reasons = (ReasonGiven(code="email_invalid"),)
    assert answer == CheckResult(decision=Decision.UNKNOWN, checked_at=NOW, reasons=reasons)


def test_a_hash_that_partners_lists_cannot_be_asked_with_is_unknown() -> None:
    scope = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
    hashed = Subject(kind=Kind.EMAIL, forms=(), hashed=True, partners_unasked=True)
    assert _decision(CheckRequest(subject=hashed, scope=scope), Preset.OBJECTION_ONLY) is (
        Decision.UNKNOWN
    )


@pytest.mark.parametrize(
    ("purpose", "decision"),
    [(Purpose.MARKETING, Decision.UNKNOWN), (Purpose.SERVICE, Decision.ALLOW)],
)
def test_marketing_to_a_hash_whose_domain_cannot_be_asked_is_unknown(
    purpose: Purpose, decision: Decision
) -> None:
    scope = Scope(channel=Channel.EMAIL, purpose=purpose)
    hashed = Subject(kind=Kind.EMAIL, forms=(), hashed=True, domains_unasked=True)
    request = CheckRequest(subject=hashed, scope=scope)
    assert _decision(request, Preset.OBJECTION_ONLY) is decision


@given(
    check_requests(), PRESETS, st.lists(stops(), max_size=3), st.none() | MOMENTS, MOMENTS, MOMENTS
)
def test_only_what_both_clocks_allow_is_allowed(
    check_request: CheckRequest,
    preset: Preset,
    stops_in_force: list[ActiveSuppression],
    until: datetime | None,
    here: datetime,
    there: datetime,
) -> None:
    policy = preset_policies(preset, Sector.GENERAL).policies[
        check_request.scope.channel, check_request.purpose
    ]
    consent = ActiveConsent(
        scope=check_request.scope, given_at=NOW - 3 * TTL, until=until, lifts=True
    )
    known = SubjectState(suppressions=tuple(stops_in_force), consents=(consent,))
    by_each = [
        decide(check_request, policy, known, now=instant, ttl=TTL) for instant in (here, there)
    ]
    answer = decide(check_request, policy, known, now=here, ttl=TTL, database_now=there)
    both = all(result.decision is Decision.ALLOW for result in by_each)
    assert (answer.decision is Decision.ALLOW) is both
    if both:
        assert answer == min(by_each, key=lambda decision: decision.checked_at)
    else:
        assert answer in by_each


def test_long_after_an_answer_its_reasons_are_those_of_the_later_clock() -> None:
    scope = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
    check_request = CheckRequest(subject=Subject(kind=Kind.EMAIL, forms=()), scope=scope)
    policies = preset_policies(Preset.FR_2026, Sector.GENERAL).policies
    policy = policies[Channel.EMAIL, Purpose.MARKETING]
    later = NOW + 2 * TTL
    for until, decision in ((NOW + 3 * TTL, Decision.ALLOW), (later, Decision.DENY)):
        consent = ActiveConsent(scope=scope, given_at=NOW, until=until, lifts=True)
        known = SubjectState(consents=(consent,))
        for here, there in ((NOW, later), (later, NOW)):
            answer = decide(check_request, policy, known, now=here, ttl=TTL, database_now=there)
            assert answer.decision is decision
            assert answer.checked_at == (NOW if decision is Decision.ALLOW else later)
    unreadable = decide(
        InvalidCheck(code="malformed"), policy, SubjectState(), now=NOW, ttl=TTL, database_now=later
    )
    assert unreadable.checked_at == NOW
