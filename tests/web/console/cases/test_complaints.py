"""The complaint file tells what a check would have answered on a past day."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask, g

from suppression.domain.users.roles import Role
from suppression.usecases.controllers.queries import find_controller
from suppression.web.console import rendering
from tests.api import Api
from tests.conftest import Clock
from tests.web.console.browser import Browser, signed_in

PHONE = "06 12 34 56 78"
FORM = {"identifier": PHONE, "purpose": "complaint", "day": "2026-11-23", "time": "15:00"}


@pytest.fixture
def clerk(app: Flask, clock: Clock, seen: set[str], french_api: Api) -> Browser:
    """Return a DPO's browser under `fr-2026`, with a refused call on Monday and a later stop."""
    clock.now = datetime(2026, 11, 23, 13, tzinfo=UTC)
    refused = {"identifier": PHONE, "outcome": "refused"}
    assert french_api.post("/v1/outcomes", refused).status_code == 200
    clock.turn(days=2)
    assert french_api.stop("phone", PHONE).status_code == 201
    with app.app_context():
        controller = find_controller("okonect")
    return signed_in(app, clock, seen, {controller: Role.DPO})


def lines(clerk: Browser) -> list[str]:
    """Return the answers of checks on the open page, one for each line."""
    part = clerk.text.split("What a check answers</h3>")[1].split("</ul>")[0]
    return [line.split("</li>")[0] for line in part.split("<li>")[1:]]


def test_a_refused_call_denies_on_its_day_and_says_so(clerk: Browser) -> None:
    clerk.post("/okonect/look-up", FORM | {"basis": "contract"})
    sms, telephone = lines(clerk)
    assert telephone.startswith("telephone, marketing: <strong>deny</strong>")
    assert "the person refused a call (since 23 November 2026 14:00)" in telephone
    assert "possible again from 25 January 2027 10:00" in telephone
    assert "objection" not in sms + telephone
    assert "call refused by the person" in clerk.text.split("History</h3>")[1]


def test_before_the_refusal_the_contract_that_a_tool_stated_allowed(clerk: Browser) -> None:
    clerk.post("/okonect/look-up", FORM | {"basis": "contract", "time": "13:59"})
    assert "<strong>deny</strong>" in lines(clerk)[1]
    assert "outside the hours" in lines(clerk)[1]
    clerk.post("/okonect/look-up", FORM | {"basis": "contract", "time": "12:00"})
    assert lines(clerk)[1] == "telephone, marketing: <strong>allow</strong> (contract)"


def test_each_purpose_is_answered_by_choice(clerk: Browser) -> None:
    form = FORM | {"purposes": ["marketing", "service", "profiling", "sharing"]}
    clerk.post("/okonect/look-up", form)
    checks = [line.split(":")[0] for line in lines(clerk)]
    assert checks == [
        "SMS, marketing",
        "telephone, marketing",
        "SMS, service",
        "telephone, service",
        "profiling",
        "passing on",
    ]


def test_a_stop_on_one_topic_leaves_the_others(clerk: Browser, french_api: Api) -> None:
    french_api.stop("email", "zoe.petit@example.fr", topic="offers")
    form = {"identifier": "zoe.petit@example.fr", "purpose": "complaint"}
    for topic, denied in (("offers", True), ("newsletter", False)):
        clerk.post("/okonect/look-up", form | {"topic": topic, "basis": "customer"})
        assert ("objection" in lines(clerk)[0]) is denied
    assert clerk.post("/okonect/look-up", form | {"topic": "unknown"}).status_code == 422


def test_an_access_answer_holds_calls_and_consents_too(clerk: Browser) -> None:
    answer = clerk.post("/okonect/access", {"identifiers": PHONE, "as": "json"})
    history = json.loads(answer.get_data(as_text=True))["identifiers"][0]["history"]
    assert [entry["type"] for entry in history] == ["refused", "stop", "stop"]


def test_the_last_hours_of_time_are_shown_as_they_stand(app: Flask) -> None:
    with app.test_request_context():
        g.console = SimpleNamespace(controller=SimpleNamespace(country="FR"))
        last = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)
        shown = rendering._instant(last, "en")  # noqa: SLF001
    assert shown == "31 December 9999 23:30"
