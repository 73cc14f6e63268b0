"""The complaint file tells for a past time the answer that a check gave at that time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.cases.vocabulary import LookUpPurpose
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import Basis, Channel, Kind, Purpose
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.lookup.look_up import look_up_person
from suppression.usecases.lookup.point_in_time import PastCheck
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user, list_users
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consent, set_policy, withdraw

PHONE, EMAIL = "+33612345678", "zoe.petit@example.fr"
LATER = "2027-01-25T09:00:00Z"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class CheckedScope(NamedTuple):
    """The kind and scope of a check that is repeated and recalled."""

    kind: Kind
    channel: Channel | None
    purpose: Purpose = Purpose.MARKETING
    topic: str = ""
    basis: Basis | None = None


CHECKS = [
    CheckedScope(Kind.PHONE, Channel.TELEPHONE),
    CheckedScope(Kind.PHONE, Channel.TELEPHONE, basis=Basis.CONTRACT),
    CheckedScope(Kind.PHONE, Channel.TELEPHONE, Purpose.SERVICE),
    CheckedScope(Kind.PHONE, Channel.SMS, basis=Basis.CUSTOMER),
    CheckedScope(Kind.PHONE, None, Purpose.PROFILING),
    CheckedScope(Kind.PHONE, None, Purpose.SHARING),
    CheckedScope(Kind.EMAIL, Channel.EMAIL),
    CheckedScope(Kind.EMAIL, Channel.EMAIL, topic="offers"),
    CheckedScope(Kind.EMAIL, None, Purpose.SHARING),
]


class Life:
    """A random history of two identifiers, with the answers of all checks after each event."""

    def __init__(self, app: Flask, api: Api, clock: Clock, chance: random.Random) -> None:
        self.app, self.api, self.clock, self.chance = app, api, clock, chance
        self.services: Services = app.extensions["suppression"]
        self.controller = find_controller("okonect")
        create_user(self.services, self.controller, "m.durand", Role.DPO, now=clock.now)
        self.user = list_users(self.controller)[0]
        self.said: dict[datetime, list[object]] = {}

    def goes_on(self, happenings: list[Happening]) -> None:
        """Make a random event happen; a second later, store the answer of every check."""
        self.clock.turn(minutes=self.chance.choice([30, 60, 240, 1440, 2880]))
        happened = self.chance.choice(happenings)(self)
        assert happened is None or happened.status_code < 300, happened.text
        self.clock.turn(seconds=1)
        self.said[self.clock.now] = [self.checked(past_check) for past_check in CHECKS]

    def checked(self, past_check: CheckedScope) -> object:
        """Return the answer of a check now: decision, basis, reasons and `retry_at`."""
        fields = {
            "purpose": past_check.purpose,
            "topic": past_check.topic or None,
            "basis": past_check.basis,
        }
        if past_check.channel is None:
            fields["kind"] = past_check.kind
        value = PHONE if past_check.kind is Kind.PHONE else EMAIL
        answer = self.api.check(past_check.channel, value, **fields)
        reasons = {(reason["code"], reason.get("since")) for reason in answer["reasons"]}
        return answer["decision"], answer.get("basis"), reasons, answer.get("retry_at")

    def recalled(self, past_check: CheckedScope, at: datetime) -> object:
        """Return the complaint file's answer for a check at a past time."""
        value = PHONE if past_check.kind is Kind.PHONE else EMAIL
        subject = self.services.subject(self.controller, past_check.kind, value, consent=True)
        (lookup_result,) = look_up_person(
            self.services,
            self.controller,
            [subject],
            LookUpPurpose.COMPLAINT,
            by=self.user,
            now=self.clock.now,
            at=at,
            past_check=PastCheck(
                purposes=(past_check.purpose,), topic=past_check.topic, basis=past_check.basis
            ),
        )
        (answer,) = (
            checked_scope.answer
            for checked_scope in lookup_result.checked
            if checked_scope.scope.channel is past_check.channel
        )
        reasons = {
            (reason.code, to_rfc3339(reason.since) if reason.since else None)
            for reason in answer.reasons
        }
        retry_at = to_rfc3339(answer.retry_at) if answer.retry_at else None
        return answer.decision, answer.basis, reasons, retry_at

    def some(self, **hours: float) -> str:
        """Return the time some hours from now as RFC 3339 text."""
        return to_rfc3339(self.clock.now + timedelta(**hours))

    def outcome(self, outcome: str, **fields: object) -> TestResponse:
        """Report an outcome of a call and return the response."""
        return self.api.post("/v1/outcomes", {"identifier": PHONE, "outcome": outcome} | fields)

    def stop(self, kind: str, value: str, **fields: object) -> TestResponse:
        """Send a stop, often dated some hours ago, and return the response."""
        hours = self.chance.choice([0, -2, -30])
        return self.api.stop(kind, value, occurred_at=self.some(hours=hours), **fields)


Happening = Callable[[Life], TestResponse | None]
LIFTED = ["objection", "undeliverable", "consent_withdrawn", "complaint"]
RESTRICTED = ["restriction"]


def release(life: Life) -> TestResponse:
    """Release the stops of calls and SMS, or the restriction."""
    why = life.chance.choice(["person_asked", "mistake", "reassigned"])
    bodies: list[dict[str, object]] = [
        {"channels": "all", "reasons": LIFTED},
        {"reasons": RESTRICTED},
    ]
    body = life.chance.choice(bodies)
    return life.api.release("phone", PHONE, why=why, **body)


def late_callback(life: Life) -> None:
    """Report a time that was agreed to hours ago; it is refused if it was taken back since."""
    hours = life.chance.choice([-1, -20, -40])
    times = {"callback_at": life.some(hours=5), "occurred_at": life.some(hours=hours)}
    assert life.outcome("callback", **times).status_code in {200, 422}


HAPPENINGS: list[Happening] = [
    lambda life: life.api.post("/v1/attempts", {"identifier": PHONE}),
    lambda life: life.api.post("/v1/attempts", {"identifier": PHONE}),
    lambda life: life.outcome("refused"),
    lambda life: life.outcome("wrong_person"),
    lambda life: life.outcome("callback", callback_at=life.some(hours=4)),
    lambda life: life.outcome("callback", callback_at=life.some(hours=1)),
    late_callback,
    lambda life: life.stop("phone", PHONE, channels=["telephone"]),
    lambda life: life.stop("phone", PHONE, channels=["sms"], reason="complaint"),
    lambda life: life.stop("phone", PHONE, channels=["telephone"], reason="undeliverable"),
    lambda life: life.stop("phone", PHONE, channels=None, reason="restriction"),
    lambda life: life.stop("email", EMAIL),
    lambda life: life.stop("email", EMAIL, topic="offers"),
    lambda life: life.stop("email", EMAIL, reason="undeliverable", expires_at=life.some(hours=60)),
    lambda life: life.api.release("email", EMAIL, channels="all", reasons=LIFTED),
    lambda life: life.api.release("email", EMAIL, channels="all", topic="offers", reasons=LIFTED),
    release,
    release,
    lambda life: consent(life.api, "phone", PHONE, given_at=life.some(hours=-3)),
    lambda life: consent(
        life.api, "phone", PHONE, given_at=life.some(hours=-20), channels=None, purpose="sharing"
    ),
    lambda life: consent(life.api, "email", EMAIL, given_at=life.some(hours=0)),
    lambda life: consent(life.api, "email", EMAIL, given_at=life.some(hours=0), topics=["offers"]),
    lambda life: consent(
        life.api, "phone", PHONE, given_at=life.some(hours=-1), until=life.some(hours=72)
    ),
    lambda life: withdraw(life.api, "phone", PHONE, occurred_at=life.some(hours=-2)),
    lambda life: withdraw(life.api, "email", EMAIL, topics=["offers"]),
    lambda life: set_policy(
        life.app,
        "okonect",
        f"telephone.marketing.silence_days={life.chance.choice([0, 1, 60])}",
        f"telephone.marketing.attempts={life.chance.choice([1, 2, 4])}",
    ),
]


@pytest.fixture
def life_of(app: Flask, french_api: Api, clock: Clock) -> Callable[[int], Life]:
    """Return a function that begins a Life, equal in every run, for a seed."""
    clock.now = MONDAY
    return lambda seed: Life(app, french_api, clock, random.Random(seed))


@pytest.mark.parametrize("seed", [0, 2])
def test_of_every_moment_the_same_is_said_later(
    app: Flask, life_of: Callable[[int], Life], seed: int
) -> None:
    with app.app_context():
        life = life_of(seed)
        for _ in range(25):
            life.goes_on(HAPPENINGS)
        for at, said in life.said.items():
            for past_check, told in zip(CHECKS, said, strict=True):
                assert life.recalled(past_check, at) == told, (seed, at, past_check)
    assert {told[0] for said in life.said.values() for told in said} >= {"allow", "deny"}  # type: ignore[index]


def test_calls_are_part_of_what_a_check_knew(app: Flask, life_of: Callable[[int], Life]) -> None:
    with app.app_context():
        life = life_of(1)
        past_check = CHECKS[1]
        life.goes_on([lambda life: life.outcome("refused")])
        refused = life.clock.now
        life.clock.turn(days=90)
        recalled = life.recalled(past_check, refused)
    assert recalled == ("deny", None, {("refused", "2026-11-23T10:30:00Z")}, LATER)
