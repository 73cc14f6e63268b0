"""A consent ends early if the number gets a new owner, or if an earlier end is reported."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import pytest

from suppression.domain.consents.model import (
    CALLS,
    Consent,
    agreed_before,
    as_of_wrong_person,
    as_voided,
    ends_later,
    is_outlived,
    still_counting,
)
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import ConsentEnd, Purpose, Reason
from tests.domain.consents.test_model import GIVEN, SHARING, SMS, TICK, consent, stop


@pytest.mark.parametrize("purpose", [Purpose.SHARING, Purpose.PROFILING])
def test_what_was_undeliverable_leaves_no_older_consent_without_channel(purpose: Purpose) -> None:
    given = consent(Scope(channel=None, purpose=purpose))
    wrong, older = stop(GIVEN, CALLS, Reason.UNDELIVERABLE), stop(GIVEN, CALLS)
    assert still_counting([given.as_active], [wrong]) == []
    assert as_voided(given, [wrong]).ended_by is ConsentEnd.STOP_RELEASED
    assert still_counting([given.as_active], [older]) == [given.as_active]
    before = stop(GIVEN - TICK, CALLS, Reason.UNDELIVERABLE)
    assert still_counting([given.as_active], [before]) == [given.as_active]
    assert not is_outlived(consent(SMS), wrong)


def test_what_was_reassigned_leaves_no_older_consent_on_any_channel() -> None:
    lifted = dataclasses.replace(stop(GIVEN, CALLS), reassigned=True)
    for scope in (CALLS, SMS, SHARING):
        assert still_counting([consent(scope).as_active], [lifted]) == []
        assert is_outlived(consent(scope), lifted)
    earlier = dataclasses.replace(lifted, last_occurred_at=GIVEN - TICK)
    assert still_counting([consent(SMS).as_active], [earlier]) == [consent(SMS).as_active]
    assert agreed_before(GIVEN, [dataclasses.replace(stop(GIVEN, SMS), reassigned=True)])


def test_a_wrong_person_ends_older_consents_without_channel_at_once() -> None:
    sharing, later = consent(SHARING), stop(GIVEN + TICK, CALLS, Reason.UNDELIVERABLE)
    over = as_of_wrong_person(sharing, [stop(GIVEN, CALLS, Reason.UNDELIVERABLE), later])
    assert (over.ended_at, over.ended_by) == (GIVEN + TICK, ConsentEnd.WRONG_PERSON)
    assert as_of_wrong_person(over, [later]) == over
    before = stop(GIVEN - TICK, CALLS, Reason.UNDELIVERABLE)
    assert as_of_wrong_person(sharing, [before]) == sharing
    by_telephone = consent(CALLS)
    assert as_of_wrong_person(by_telephone, [later]) == by_telephone


@pytest.mark.parametrize(
    ("recorded", "until", "later"),
    [
        (consent(), None, False),
        (consent(), GIVEN + TICK, True),
        (consent(until=GIVEN + TICK), None, False),
        (consent(until=GIVEN + TICK), GIVEN + TICK, False),
        (consent(until=GIVEN + TICK), GIVEN + 2 * TICK, False),
        (consent(until=GIVEN + 2 * TICK), GIVEN + TICK, True),
        (consent(ended=(GIVEN, ConsentEnd.WITHDRAWN)), GIVEN + TICK, False),
    ],
)
def test_of_two_ends_the_earlier_is_the_stricter(
    recorded: Consent,
    until: datetime | None,
    later: bool,  # noqa: FBT001
) -> None:
    assert ends_later(recorded, until) is later
