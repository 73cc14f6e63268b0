"""Calling hours on days that skip or repeat an hour, and the time for which past calls count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from suppression.domain.calendar.contact_hours import (
    EVERY_DAY,
    ContactHours,
    Span,
    next_window,
    window_at,
)
from suppression.domain.checks.call_history import call_history_span
from suppression.domain.checks.decision import decide
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.phone.locations import location_of_number
from suppression.domain.policies.presets import preset_policies
from suppression.domain.policies.settings import apply_settings
from suppression.domain.suppressions.active import ContactHistory, SubjectState
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Basis, Channel, Decision, Kind, Preset, Purpose, Sector

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FRENCH = preset_policies(Preset.FR_2026, Sector.GENERAL)
CALLS = (Channel.TELEPHONE, Purpose.MARKETING)


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
)
def test_a_span_that_the_clocks_skip_or_show_twice_is_not_open(day: datetime) -> None:
    hours = ContactHours(days=EVERY_DAY, spans=(Span.from_text("02:15-02:45"),))
    moments = (day + timedelta(minutes=minute) for minute in range(-60, 240))
    assert not any(window_at(hours, instant, "Europe/Paris", ()) for instant in moments)
    following = next_window(hours, day, "Europe/Paris", ())
    assert following is not None
    assert following > day + timedelta(hours=20)


def test_hours_that_never_come_have_no_next() -> None:
    hours = ContactHours(days=frozenset(), spans=(Span.from_text("10:00-13:00"),))
    assert next_window(hours, MONDAY, "Europe/Paris", ()) is None


def test_zones_that_are_never_open_at_once_promise_no_moment() -> None:
    policy = apply_settings(FRENCH, ["telephone.marketing.hours=10:00-10:30"]).policies[CALLS]
    check = CheckRequest(
        subject=Subject(kind=Kind.PHONE, forms=(), place=location_of_number("+262976120000")),
        scope=Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING),
        attested=Basis.CONTRACT,
    )
    answer = decide(check, policy, SubjectState(), now=MONDAY, ttl=timedelta(hours=1))
    assert (answer.decision, answer.retry_at) == (Decision.DENY, None)


@pytest.mark.parametrize(
    ("settings", "is_needed"),
    [
        (["attempts=0", "silence_days=0", "attestable=none"], False),
        (["attempts=0", "silence_days=0"], True),
        (["attempts=0", "attestable=none"], True),
        (["silence_days=0", "attestable=none"], True),
    ],
)
def test_calls_are_needed_where_something_counts_them(
    settings: list[str], *, is_needed: bool
) -> None:
    policies = apply_settings(FRENCH, [f"telephone.marketing.{setting}" for setting in settings])
    assert (call_history_span(policies.policies[CALLS]) is not None) is is_needed


@pytest.mark.parametrize(
    ("days", "hour", "number"), list(product([30, 60], [0, 23], ["+33612340000", "+687750000"]))
)
def test_no_call_that_still_counts_is_too_old_to_be_looked_for(
    days: int, hour: int, number: str
) -> None:
    policy = apply_settings(FRENCH, [f"telephone.marketing.silence_days={days}"]).policies[CALLS]
    check = CheckRequest(
        subject=Subject(kind=Kind.PHONE, forms=(), place=location_of_number(number)),
        scope=Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING),
    )
    refused = datetime(2026, 8, 20, hour, 59, 59, tzinfo=UTC)
    contacts = ContactHistory(refusals=(refused,))
    for later in range(24 * (days - 2), 24 * (days + 3)):
        now = refused + timedelta(hours=later)
        answer = decide(check, policy, SubjectState(contacts=contacts), now=now, ttl=timedelta(1))
        within = call_history_span(policy)
        assert within is not None
        if "refused" in [reason.code for reason in answer.reasons]:
            assert refused >= now - within
