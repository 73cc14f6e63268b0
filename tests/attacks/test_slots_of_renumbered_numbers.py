"""The call attempts of a number count together for its old and new writing and all key versions."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.consents.model import CALLS
from suppression.domain.identifiers.fingerprints import Subject, controller_keys
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind
from suppression.usecases.calls import reserve_attempt as reserving
from suppression.usecases.calls.reserve_attempt import Reservation, reserve_attempt
from suppression.usecases.checks.check import decide_in_transaction
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.services import Services
from tests.api import Api
from tests.conftest import Clock
from tests.databases import SQLITE
from tests.keys import MASTER_KEYS
from tests.policies import set_policies

OLD, NEW = "+229 97 12 34 56", "+229 01 97 12 34 56"
LIMIT = 2
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def limited(app: Flask, api: Api, clock: Clock) -> None:
    assert api.key
    clock.now = MONDAY
    set_policies(app, "okwind", f"telephone.marketing.attempts={LIMIT}")


@pytest.mark.parametrize("first", [OLD, NEW])
def test_attempts_by_either_writing_count_for_both(api: Api, first: str) -> None:
    for number in (first, NEW if first == OLD else OLD):
        answer = api.check("telephone", number, reserve=True)
        assert answer["decision"] == "allow"
    for number in (OLD, NEW):
        assert api.codes("telephone", number, reserve=True) == ["attempts_exhausted"]


@pytest.mark.parametrize("which", ["writings", "versions of the key"])
def test_two_reservations_at_once_never_share_the_last_slot(
    app: Flask, backend: str, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    """Each reservation locked a row of its own, and did not see the attempt of the other."""
    if backend == SQLITE and which == "versions of the key":
        pytest.skip("SQLite has one writer at a time: one way to be sure of it is enough")
    subjects = _writings(app) if which == "writings" else _versions(app)
    set_policies(app, "okwind", "telephone.marketing.attempts=1")

    def decide_slowly(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        answers = decide_in_transaction(*given, **named)
        time.sleep(0.5)
        return answers

    monkeypatch.setattr(reserving, "decide_in_transaction", decide_slowly)
    with ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(_reserve, app, subject) for subject in subjects]
        answers = [task.result() for task in tasks]
    assert sorted(answers) == ["allow", "deny"]


def _writings(app: Flask) -> list[Subject]:
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller = find_controller("okwind")
        return [services.subject(controller, Kind.PHONE, number) for number in (OLD, NEW)]


def _versions(app: Flask) -> list[Subject]:
    """Return the Subjects of one number before and after a second master key."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller = find_controller("okwind")
        before = services.subject(controller, Kind.PHONE, NEW)
    keys = controller_keys(controller.slug, MASTER_KEYS | {2: bytes(32)})
    return [before, keys.subject(parse_identifier(Kind.PHONE, NEW, region="FR"))]


def _reserve(app: Flask, subject: Subject) -> str:
    services: Services = app.extensions["suppression"]
    with app.app_context():
        stored = reserve_attempt(
            services,
            find_controller("okwind"),
            CheckRequest(subject=subject, scope=CALLS),
            _rendered,
            actor="test",
            now=services.clock(),
        )
    return stored.body


def _rendered(reservation: Reservation) -> StoredResponse:
    return StoredResponse(status=200, body=str(reservation.answer.decision))
