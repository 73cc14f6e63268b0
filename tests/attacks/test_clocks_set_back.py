"""After the database's clock is set back by an hour, a new stop still counts as the newer entry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.attacks.histories import ANYTHING, HISTORIES, Event, denied, writings
from tests.attacks.test_clocks_that_differ import ARRIVALS, one_click, stop
from tests.conftest import Clock
from tests.consenting import consented, states
from tests.length import length
from tests.web.api.test_links import click, link

EMAIL, PHONE = "jean.dupont@example.fr", "+33612345678"


def consent_and_set_back(api: Api, clock: Clock, kind: str, identifier: str) -> None:
    """Record a consent given now, then set the clock back by an hour."""
    consented(api, kind, identifier, given_at=to_rfc3339(clock.now))
    clock.turn(hours=-1)


@pytest.mark.parametrize("how", ARRIVALS)
def test_a_stop_denies_then_and_once_the_clock_has_gone_that_hour_again(
    french_api: Api, clock: Clock, how: str
) -> None:
    consent_and_set_back(french_api, clock, "email", EMAIL)
    ARRIVALS[how](french_api)
    for _ in range(3):
        assert french_api.decision("email", EMAIL) == "deny"
        clock.turn(hours=1)


def test_a_stop_by_another_writing_of_the_mailbox_denies_too(french_api: Api, clock: Clock) -> None:
    consent_and_set_back(french_api, clock, "email", "jean.dupont@gmail.com")
    click(french_api, link(french_api, "jeandupont+shop@gmail.com"))
    clock.turn(hours=2)
    assert french_api.decision("email", "jean.dupont@gmail.com") == "deny"


def test_a_repeat_of_a_lifted_stop_denies(french_api: Api, clock: Clock) -> None:
    one_click(french_api)
    clock.turn(minutes=1)
    consent_and_set_back(french_api, clock, "email", EMAIL)
    one_click(french_api)
    clock.turn(hours=2)
    assert french_api.decision("email", EMAIL) == "deny"


def test_lifting_a_restriction_revives_no_consent(french_api: Api, clock: Clock) -> None:
    consent_and_set_back(french_api, clock, "phone", PHONE)
    stop(french_api, "phone", PHONE, reason="restriction", channels=None)
    french_api.release("phone", PHONE, reasons=["restriction"])
    assert set(states(french_api, "phone", PHONE)) == {"stop_released"}
    clock.turn(hours=2)
    assert "no_consent" in french_api.codes("sms", PHONE)


@pytest.mark.parametrize("outcome", ["stop", "refused"])
def test_lifting_a_stop_on_calls_revives_no_time_that_was_agreed_to_before(
    french_api: Api, clock: Clock, outcome: str
) -> None:
    at = to_rfc3339(clock.now + timedelta(hours=3))
    agreed = {"identifier": PHONE, "outcome": "callback", "callback_at": at}
    assert french_api.post("/v1/outcomes", agreed).status_code == 200
    clock.turn(hours=-1)
    french_api.post("/v1/outcomes", {"identifier": PHONE, "outcome": outcome})
    french_api.release("phone", PHONE, channels=["telephone"], reasons=["objection"])
    assert french_api.decision("telephone", PHONE, at=at) == "deny"


def test_a_consent_dated_by_a_clock_gone_wild_lifts_no_stop_either(
    french_api: Api, clock: Clock
) -> None:
    clock.turn(days=400)
    consented(french_api, "email", EMAIL, given_at=to_rfc3339(clock.now))
    clock.turn(days=-400)
    one_click(french_api)
    stop(french_api, "email", "anne.martin@example.fr")
    (other,) = french_api.search("email", "anne.martin@example.fr")["in_force"]
    assert other["since"] == to_rfc3339(clock.now), "nobody else's stop is dated by it"
    clock.turn(days=401)
    assert french_api.decision("email", EMAIL) == "deny"


def test_what_was_on_record_then_is_told_as_it_was_answered(french_api: Api, clock: Clock) -> None:
    consent_and_set_back(french_api, clock, "email", EMAIL)
    one_click(french_api)
    (row,) = french_api.search("email", EMAIL)["in_force"]
    (entry,) = french_api.search("email", EMAIL)["history"]
    assert row["last_occurred_at"] == entry["occurred_at"]
    assert entry["recorded_at"] == to_rfc3339(clock.now)


@settings(max_examples=length(12, long=300), suppress_health_check=list(HealthCheck))
@given(HISTORIES)
def test_no_step_of_the_clock_turns_a_stop_that_came_last_into_an_allow(
    french_api: Api, clock: Clock, history: tuple[list[Event], Event]
) -> None:
    before, last = history
    emails = writings()
    for event in (*before, last):
        clock.turn(hours=event.hours, seconds=1)
        ANYTHING[event.what](french_api, emails[event.writing], clock.now)
    for _ in range(3):
        assert [email for email in emails if not denied(french_api, email)] == []
        clock.turn(hours=2)
