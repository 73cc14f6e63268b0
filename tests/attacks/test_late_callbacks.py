"""An agreed time does not count if the person refused or stopped after the agreement.

The fault: a dialer reports its queued outcomes in any order. A refusal or a stop came first; the
time that was agreed to an hour earlier came later, with its own date, and allowed the call.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.conftest import Clock

PHONE = "+33612345678"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AGREED_FOR = MONDAY + timedelta(days=70)  # the silence after a refusal is over by then
EARLIER, LATER = MONDAY - timedelta(minutes=60), MONDAY - timedelta(minutes=20)


def tell(api: Api, outcome: str, at: datetime | None, **fields: Any) -> int:  # noqa: ANN401
    """Report an outcome of a call, with its date if there is one; return the status."""
    body = {"identifier": PHONE, "outcome": outcome} | fields
    if at is not None:
        body["occurred_at"] = to_rfc3339(at)
    return api.post("/v1/outcomes", body).status_code


def agree(api: Api, at: datetime | None) -> int:
    """Report that the person agreed, at `at`, to a call at AGREED_FOR; return the status."""
    return tell(api, "callback", at, callback_at=to_rfc3339(AGREED_FOR))


def lift(api: Api) -> None:
    """Release the person's stop of calls, as they ask; one suppression must be released."""
    lifted = api.release("phone", PHONE, channels=["telephone"], reasons=["objection"])
    assert len(lifted.get_json()["released"]) == 1


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


@pytest.mark.parametrize("since", [EARLIER, LATER])
def test_a_refusal_that_was_told_first_ends_it(
    french_api: Api, clock: Clock, since: datetime
) -> None:
    assert tell(french_api, "refused", since) == 200
    assert agree(french_api, EARLIER) == 422
    clock.now = AGREED_FOR
    assert french_api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize("lifted_first", [False, True])
def test_a_stop_that_was_told_first_ends_it_lifted_or_not(
    french_api: Api, clock: Clock, *, lifted_first: bool
) -> None:
    assert tell(french_api, "stop", LATER) == 200
    if lifted_first:
        lift(french_api)
    assert agree(french_api, EARLIER) == 422
    if not lifted_first:
        lift(french_api)
    clock.now = AGREED_FOR
    assert french_api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize("agreed_at", [LATER, None])
def test_a_time_that_was_agreed_to_after_a_refusal_counts(
    french_api: Api, clock: Clock, agreed_at: datetime | None
) -> None:
    assert tell(french_api, "refused", EARLIER) == 200
    assert agree(french_api, agreed_at) == 200
    clock.now = AGREED_FOR
    assert french_api.decision("telephone", PHONE) == "allow"


def agree_for(api: Api, at: datetime | None, for_: datetime) -> int:
    """Report that the person agreed, at `at`, to a call at `for_`; return the status."""
    return tell(api, "callback", at, callback_at=to_rfc3339(for_))


TUESDAY, FRIDAY = MONDAY + timedelta(days=1, hours=10), MONDAY + timedelta(days=4, hours=10)


@pytest.mark.parametrize("newer", [LATER, None])
def test_an_older_agreement_that_is_told_later_leaves_the_newer_one(
    french_api: Api, clock: Clock, newer: datetime | None
) -> None:
    assert agree_for(french_api, newer, FRIDAY) == 200
    assert agree_for(french_api, EARLIER, TUESDAY) == 422
    clock.now = TUESDAY
    assert french_api.codes("telephone", PHONE) == ["no_consent", "outside_hours"]
    clock.now = FRIDAY
    assert french_api.decision("telephone", PHONE) == "allow"


@pytest.mark.parametrize("newer", [EARLIER, LATER, None])
def test_a_newer_one_takes_its_place_or_one_of_the_same_moment(
    french_api: Api, clock: Clock, newer: datetime | None
) -> None:
    assert agree_for(french_api, EARLIER, FRIDAY) == 200
    assert agree_for(french_api, newer, TUESDAY) == 200
    clock.now = TUESDAY
    assert french_api.decision("telephone", PHONE) == "allow"
    clock.now = FRIDAY
    assert french_api.decision("telephone", PHONE) == "deny"
