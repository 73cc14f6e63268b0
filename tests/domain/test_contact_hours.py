"""Openings on days that have no such hour, or none at all; how far back calls are needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from suppression.domain.contact_hours import EVERY_DAY, ContactHours, Span, next_opening, opening_at
from suppression.domain.contacts import needed_within
from suppression.domain.decisions import decide
from suppression.domain.fingerprints import Subject
from suppression.domain.identifiers.phone.places import place_of_number
from suppression.domain.policy_settings import changed
from suppression.domain.presets import preset_policies
from suppression.domain.questions import Question
from suppression.domain.standing import ContactHistory, Standing
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import Basis, Channel, Decision, Kind, Preset, Purpose, Sector

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FRENCH = preset_policies(Preset.FR_2026, Sector.GENERAL)
CALLS = (Channel.TELEPHONE, Purpose.MARKETING)


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
)
def test_a_span_that_the_clocks_skip_or_show_twice_is_not_open(day: datetime) -> None:
    hours = ContactHours(days=EVERY_DAY, spans=(Span.of("02:15-02:45"),))
    moments = (day + timedelta(minutes=minute) for minute in range(-60, 240))
    assert not any(opening_at(hours, moment, "Europe/Paris", ()) for moment in moments)
    following = next_opening(hours, day, "Europe/Paris", ())
    assert following is not None
    assert following > day + timedelta(hours=20)


def test_hours_that_never_come_have_no_next() -> None:
    hours = ContactHours(days=frozenset(), spans=(Span.of("10:00-13:00"),))
    assert next_opening(hours, MONDAY, "Europe/Paris", ()) is None


def test_zones_that_are_never_open_at_once_promise_no_moment() -> None:
    policy = changed(FRENCH, ["telephone.marketing.hours=10:00-10:30"]).policies[CALLS]
    question = Question(
        subject=Subject(kind=Kind.PHONE, forms=(), place=place_of_number("+262976120000")),
        extent=Extent(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING),
        attested=Basis.CONTRACT,
    )
    answer = decide(question, policy, Standing(), now=MONDAY, ttl=timedelta(hours=1))
    assert (answer.decision, answer.retry_at) == (Decision.DENY, None)


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        (["attempts=0", "silence_days=0", "attestable=none"], False),
        (["attempts=0", "silence_days=0"], True),
        (["attempts=0", "attestable=none"], True),
        (["silence_days=0", "attestable=none"], True),
    ],
)
def test_calls_are_needed_where_something_counts_them(settings: list[str], *, needed: bool) -> None:
    policies = changed(FRENCH, [f"telephone.marketing.{one}" for one in settings])
    assert (needed_within(policies.policies[CALLS]) is not None) is needed


@pytest.mark.parametrize(
    ("days", "hour", "number"), list(product([30, 60], [0, 23], ["+33612340000", "+687750000"]))
)
def test_no_call_that_still_counts_is_too_old_to_be_looked_for(
    days: int, hour: int, number: str
) -> None:
    policy = changed(FRENCH, [f"telephone.marketing.silence_days={days}"]).policies[CALLS]
    question = Question(
        subject=Subject(kind=Kind.PHONE, forms=(), place=place_of_number(number)),
        extent=Extent(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING),
    )
    refused = datetime(2026, 8, 20, hour, 59, 59, tzinfo=UTC)
    contacts = ContactHistory(refusals=(refused,))
    for later in range(24 * (days - 2), 24 * (days + 3)):
        now = refused + timedelta(hours=later)
        answer = decide(question, policy, Standing(contacts=contacts), now=now, ttl=timedelta(1))
        within = needed_within(policy)
        assert within is not None
        if "refused" in [reason.code for reason in answer.reasons]:
            assert refused >= now - within
