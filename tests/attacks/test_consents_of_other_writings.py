"""Releasing a stop revives no consent that was given under another writing of the identifier.

The attack: a consent was recorded under one writing of a Gmail mailbox, the stop and its release
named another. The release ended only the consents under its own writing, so the old consent counted
again.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.cases.vocabulary import LookUpPurpose
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import Decision, Kind
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.lookup.look_up import LookupResult, look_up_person
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user, list_users
from tests.api import Api
from tests.attacks.test_late_callbacks import MONDAY
from tests.conftest import Clock
from tests.consenting import consent, consented, on_record, states
from tests.policies import set_policies

HOME = {"street": "12 rue de la Paix", "postcode": "75002"}
OLD_NUMBER, NEW_NUMBER = "+22507123456", "+2250707123456"
CONSENTED, STOPPED = "j.doe+x@gmail.com", "j.doe@gmail.com"
WRITINGS: list[tuple[str, str, Any, Any]] = [
    ("email", "email", CONSENTED, STOPPED),
    ("email", "email", "jo.an.doe@googlemail.com", "joandoe+news@gmail.com"),
    ("post", "postal", HOME | {"name": "Jean Dupont"}, HOME | {"name": "J. Dupont"}),
    ("sms", "phone", OLD_NUMBER, NEW_NUMBER),
    ("telephone", "phone", NEW_NUMBER, OLD_NUMBER),
]


@pytest.fixture(autouse=True)
def calling_hours(clock: Clock) -> None:
    clock.now = MONDAY


@pytest.fixture
def company(app: Flask, french_api: Api) -> Api:
    """Return an Api of a controller that needs consents and may call at any hour."""
    set_policies(
        app,
        "okonect",
        "post.marketing.rule=opt_in",
        "telephone.marketing.rule=opt_in",
        "telephone.marketing.hours=none",
        "sms.marketing.hours=none",
    )
    return french_api


def lift(api: Api, kind: str, value: object, **fields: Any) -> None:  # noqa: ANN401
    """Release a person's objection, by default on all channels; something must be released."""
    body: dict[str, Any] = {"channels": "all", "reasons": ["objection"]} | fields
    assert api.release(kind, value, **body).get_json()["released"]


@pytest.mark.parametrize(("channel", "kind", "first", "second"), WRITINGS)
def test_a_consent_of_another_writing_does_not_come_back(
    company: Api, clock: Clock, channel: str, kind: str, first: object, second: object
) -> None:
    consented(company, kind, first)
    assert company.decision(channel, first) == "allow"
    clock.turn(hours=1)
    company.stop(kind, second)
    assert company.decision(channel, first) == "deny"
    clock.turn(hours=1)
    lift(company, kind, second)
    assert "no_consent" in company.codes(channel, first)
    assert set(states(company, kind, first)) == {"stop_released"}
    clock.turn(hours=1)
    consented(company, kind, first, given_at=to_rfc3339(clock.now))
    assert company.decision(channel, first) == "allow"
    assert "in_force" in states(company, kind, first)


@pytest.mark.parametrize(("channel", "kind", "first", "second"), WRITINGS)
def test_it_still_counts_where_the_stop_was_a_mistake(
    company: Api, channel: str, kind: str, first: object, second: object
) -> None:
    consented(company, kind, first)
    company.stop(kind, second)
    lift(company, kind, second, why="mistake")
    assert company.decision(channel, first) == "allow"
    assert "stop_released" not in states(company, kind, first)


def test_a_lifting_by_hash_ends_it_too(company: Api) -> None:
    consented(company, "email", CONSENTED)
    digest = hashlib.sha256(b"jdoe@gmail.com").hexdigest()
    hashed = {"kind": "email", "sha256": digest}
    body: dict[str, Any] = {"identifiers": [hashed], "channels": "all"}
    assert company.post("/v1/suppressions", body).status_code == 201
    body |= {"reasons": ["objection"], "why": "person_asked"}
    assert company.post("/v1/suppressions/release", body).get_json()["released"]
    assert company.codes("email", CONSENTED) == ["no_consent"]


def test_every_way_to_ask_says_so(company: Api) -> None:
    consented(company, "email", CONSENTED)
    company.stop("email", STOPPED)
    lift(company, "email", STOPPED)
    flat = {"channel": "email", "identifiers": ["nobody@example.fr", CONSENTED]}
    assert company.post("/v1/checks/batch", flat).get_json()["decisions"] == "DD"
    mixed = {"items": [{"channel": "email", "identifier": CONSENTED}]}
    (answer,) = company.post("/v1/checks/batch", mixed).get_json()["results"]
    assert answer["decision"] == "deny"
    assert company.decision("email", CONSENTED, at=to_rfc3339(MONDAY.replace(day=24))) == "deny"


@pytest.mark.parametrize("why", ["person_asked", "mistake"])
def test_a_stop_of_an_older_date_brings_it_back_neither_while_it_stands_nor_lifted(
    company: Api, clock: Clock, why: str
) -> None:
    consented(company, "email", CONSENTED, topics=["offers"])
    company.stop("email", STOPPED)
    clock.turn(hours=1)
    lift(company, "email", STOPPED)
    clock.turn(hours=1)
    company.stop("email", STOPPED, occurred_at="2026-10-01T10:00:00Z")
    assert company.decision("email", CONSENTED, topic="offers") == "deny"
    lift(company, "email", STOPPED, why=why)
    assert company.decision("email", CONSENTED, topic="offers") == "deny"


def test_a_consent_that_is_told_late_does_not_count_either(company: Api, clock: Clock) -> None:
    company.stop("email", STOPPED)
    clock.turn(hours=1)
    lift(company, "email", STOPPED)
    assert consent(company, "email", CONSENTED).status_code == 201
    assert company.decision("email", CONSENTED) == "deny"


def test_an_agreed_time_under_the_number_before_does_not_come_back(
    app: Flask, company: Api, clock: Clock
) -> None:
    def agree(at: object, number: str) -> None:
        told = {"identifier": number, "outcome": "callback", "callback_at": at}
        assert company.post("/v1/outcomes", told).status_code == 200

    set_policies(app, "okonect", "telephone.marketing.closed=no")
    at = to_rfc3339(MONDAY.replace(day=24))
    agree(at, OLD_NUMBER)
    assert company.decision("telephone", OLD_NUMBER, at=at) == "allow"
    clock.turn(hours=1)
    company.stop("phone", NEW_NUMBER)
    lift(company, "phone", NEW_NUMBER)
    assert "no_consent" in company.codes("telephone", OLD_NUMBER, at=at)
    clock.turn(hours=1)
    agree(at, OLD_NUMBER)
    assert company.decision("telephone", OLD_NUMBER, at=at) == "allow"


def test_the_complaint_file_says_what_the_checks_said(
    app: Flask, company: Api, clock: Clock
) -> None:
    consented(company, "email", CONSENTED)
    clock.turn(hours=1)
    company.stop("email", STOPPED)
    lift(company, "email", STOPPED)
    clock.turn(hours=1)
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller = find_controller("okonect")
        create_user(services, controller, "m.durand", Role.DPO, now=clock.now)
        subject = services.subject(controller, Kind.EMAIL, CONSENTED, consent=True)

        def at(hours: float) -> LookupResult:
            (lookup_result,) = look_up_person(
                services,
                controller,
                [subject],
                LookUpPurpose.COMPLAINT,
                by=list_users(controller)[0],
                now=clock.now,
                at=MONDAY.replace(minute=45) if hours == 0 else clock.now,
            )
            return lookup_result

        before, after = at(0), at(2)
    assert before.checked[0].answer.decision is Decision.ALLOW
    assert after.checked[0].answer.decision is Decision.DENY
    assert [consent.ended_by for consent in before.consents] == [None]
    assert [consent.ended_by for consent in after.consents] == ["stop_released"]


def test_of_another_mailbox_the_consent_stands(company: Api) -> None:
    consented(company, "email", "j.doe2@gmail.com")
    company.stop("email", STOPPED)
    lift(company, "email", STOPPED)
    assert company.decision("email", "j.doe2@gmail.com") == "allow"
    assert [consent["state"] for consent in on_record(company, "email", "j.doe2@gmail.com")] == [
        "in_force"
    ]
