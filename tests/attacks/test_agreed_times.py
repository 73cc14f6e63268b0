"""An agreed time is compared with stops by the date of the agreement, not of its report.

The faults: a dialer reported late what was agreed before a stop, or repeated a stop or a refusal
with one Idempotency-Key. After the stop was lifted, or the refusal ended, the old time allowed the
call.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.attacks.conftest import Machines
from tests.attacks.test_late_callbacks import AGREED_FOR, MONDAY, PHONE, agree, lift, tell
from tests.conftest import Clock
from tests.databases import BACKENDS, SQLITE

KEY = {"headers": {"Idempotency-Key": "said-84213"}}
OF_PARTNER = {
    "kind": "phone",
    "sha256": hashlib.sha256(PHONE[1:].encode()).hexdigest(),
    "scheme": "meta-phone",
}
OF_NUMBER = {"sha256": hashlib.sha256(PHONE.encode()).hexdigest()}


def ago(minutes: int) -> datetime:
    """Return the time that is this many minutes before MONDAY, when the tests begin."""
    return MONDAY - timedelta(minutes=minutes)


def stop_by_partner(api: Api, *, with_key: bool = False) -> bool:
    """Send a stop of calls by a partner's hash; return whether its answer is a replayed one."""
    body = {"identifiers": [OF_PARTNER], "channels": ["telephone"]}
    answer = api.post("/v1/suppressions", body, **(KEY if with_key else {}))
    assert answer.status_code in {200, 201}
    return answer.headers.get("Idempotency-Replayed") == "true"


def agree_by_hash(api: Api, at: datetime) -> int:
    """Report an agreed time by our own hash, which matches no partner's hash; return the status."""
    body = {"outcome": "callback", "country": "FR", "occurred_at": to_rfc3339(at)} | OF_NUMBER
    body["callback_at"] = to_rfc3339(AGREED_FOR)
    return api.post("/v1/outcomes", body).status_code


def called(api: Api, clock: Clock) -> str:
    """Set the clock to the agreed time and return the decision of a check for a call."""
    clock.now = AGREED_FOR
    return api.decision("telephone", PHONE)


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


@pytest.mark.parametrize(("agreed", "decision"), [(20, "deny"), (15, "deny"), (10, "allow")])
def test_a_time_told_before_an_older_stop_arrives_counts_by_when_it_was_agreed(
    french_api: Api, clock: Clock, agreed: int, decision: str
) -> None:
    assert agree(french_api, ago(agreed)) == 200
    clock.turn(minutes=5)
    assert tell(french_api, "stop", ago(15)) == 200
    lift(french_api)
    assert called(french_api, clock) == decision


def test_a_time_without_a_date_is_agreed_when_it_is_told(french_api: Api, clock: Clock) -> None:
    assert agree(french_api, None) == 200
    clock.turn(minutes=5)
    assert tell(french_api, "stop", MONDAY - timedelta(seconds=1)) == 200
    lift(french_api)
    assert called(french_api, clock) == "allow"


def test_no_date_to_come_makes_a_time_newer_than_a_stop(french_api: Api, clock: Clock) -> None:
    assert agree(french_api, MONDAY + timedelta(hours=1)) == 200
    clock.turn(minutes=5)
    assert tell(french_api, "stop", None) == 200
    lift(french_api)
    assert called(french_api, clock) == "deny"


@pytest.mark.parametrize("lifted_first", [False, True])
def test_a_stop_that_is_opened_again_with_an_older_date_still_voids_by_the_newer(
    french_api: Api, clock: Clock, *, lifted_first: bool
) -> None:
    assert tell(french_api, "stop", ago(20)) == 200
    lift(french_api)
    clock.turn(minutes=1)
    assert tell(french_api, "stop", ago(60)) == 200
    if lifted_first:
        lift(french_api)
    assert agree(french_api, ago(40)) == 422
    assert agree(french_api, ago(10)) == 200
    if not lifted_first:
        lift(french_api)
    assert called(french_api, clock) == "allow"


@pytest.mark.parametrize("lifted_first", [False, True])
@pytest.mark.parametrize(("before", "decision"), [(5, "deny"), (-1, "allow")])
def test_a_hash_that_does_not_lead_to_the_stop_outlives_it_no_more(
    french_api: Api, clock: Clock, before: int, decision: str, *, lifted_first: bool
) -> None:
    stop_by_partner(french_api)
    clock.turn(minutes=10)
    if lifted_first:
        lift(french_api)
    assert agree_by_hash(french_api, ago(before)) == 200
    if not lifted_first:
        lift(french_api)
    assert called(french_api, clock) == decision


def test_a_partners_stop_that_is_said_again_with_its_key_outlasts_what_was_agreed_since(
    french_api: Api, clock: Clock
) -> None:
    assert not stop_by_partner(french_api, with_key=True)
    assert stop_by_partner(french_api, with_key=True)
    clock.turn(minutes=10)
    assert agree(french_api, None) == 200
    clock.turn(minutes=10)
    assert not stop_by_partner(french_api, with_key=True)
    assert stop_by_partner(french_api, with_key=True)
    lift(french_api)
    assert called(french_api, clock) == "deny"


def test_after_a_time_that_somebody_else_agreed_to_a_stop_said_again_changes_nothing(
    french_api: Api, clock: Clock
) -> None:
    assert not stop_by_partner(french_api, with_key=True)
    clock.turn(minutes=10)
    other = {"identifier": "+33612345679", "callback_at": to_rfc3339(AGREED_FOR)}
    assert tell(french_api, "callback", None, **other) == 200
    assert not stop_by_partner(french_api, with_key=True)
    assert called(french_api, clock) == "deny"
    assert french_api.decision("telephone", "+33612345679") == "allow"


def test_a_partners_stop_outlasts_what_was_agreed_before_the_clock_was_set_back(
    french_api: Api, clock: Clock
) -> None:
    assert agree(french_api, None) == 200
    clock.turn(hours=-1)
    stop_by_partner(french_api)
    clock.turn(minutes=1)
    lift(french_api)
    assert called(french_api, clock) == "deny"


def refuse(api: Api, at: datetime | None = None) -> bool:
    """Report a refusal with the Idempotency-Key; return whether the answer is a replayed one."""
    body = {"identifier": PHONE, "outcome": "refused"}
    answer = api.post("/v1/outcomes", body | ({"occurred_at": to_rfc3339(at)} if at else {}), **KEY)
    assert answer.status_code == 200
    return answer.headers.get("Idempotency-Replayed") == "true"


def test_a_refusal_said_again_with_its_key_ends_a_time_that_was_agreed_since(
    french_api: Api, clock: Clock
) -> None:
    assert not refuse(french_api)
    assert refuse(french_api)
    clock.turn(minutes=10)
    assert agree(french_api, None) == 200
    clock.turn(minutes=10)
    assert not refuse(french_api)
    assert refuse(french_api)
    assert called(french_api, clock) == "deny"


def test_a_refusal_with_a_date_ends_no_time_that_was_agreed_after_that(
    french_api: Api, clock: Clock
) -> None:
    assert not refuse(french_api, ago(10))
    assert agree(french_api, ago(5)) == 200
    clock.turn(minutes=10)
    assert refuse(french_api, ago(10))
    assert called(french_api, clock) == "allow"


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != SQLITE])
@pytest.mark.parametrize("outcome", ["stop", "refused"])
def test_a_slow_machine_takes_no_earlier_date_for_now(machines: Machines, outcome: str) -> None:
    """It runs on PostgreSQL only, because SQLite has one machine, with one clock."""
    now, right, slow = datetime.now(UTC), machines(), machines(hours=-2)
    assert tell(right, outcome, None) == 200
    at = to_rfc3339(now + timedelta(days=1))
    assert tell(slow, "callback", now - timedelta(hours=1), callback_at=at) == 422


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != SQLITE])
def test_a_fast_machine_takes_no_date_to_come(machines: Machines) -> None:
    """By the database's clock, the time is agreed now and the stop comes after it."""
    now, right, fast = datetime.now(UTC), machines(), machines(hours=2)
    at = to_rfc3339(now + timedelta(days=3))
    assert tell(fast, "callback", now + timedelta(hours=1), callback_at=at) == 200
    assert right.decision("telephone", PHONE, at=at) == "allow"
    assert tell(right, "stop", None) == 200
    lift(right)
    assert right.decision("telephone", PHONE, at=at) == "deny"
