"""The synthetic opt-out passes by a real click, and fails when the click is broken.

See docs/rules.md#g8.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import DatabaseUnavailableError
from suppression.domain.probes import SYNTHETIC_OPT_OUT, Probe
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Evidence, Kind, Reason
from suppression.storage.engine.base import db
from suppression.storage.engine.database import reading
from suppression.storage.operations.probes import find_probe
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.operations.synthetic_opt_out import ProbeRun, run_synthetic_opt_out
from suppression.usecases.services import Services
from suppression.usecases.suppressions.record import StopRequest
from suppression.usecases.suppressions.search import search_suppressions
from suppression.usecases.suppressions.suppress import suppress
from suppression.wiring.whole import create_app
from tests.conftest import Clock
from tests.databases import Database
from tests.serving import bound, running

ADDRESS = "worker-1@example.invalid"
Round = Callable[[], ProbeRun]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseWSGIServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with bound() as listening:
        yield listening


@pytest.fixture
def service(server: BaseWSGIServer, database: Database, clock: Clock) -> Iterator[Flask]:
    """Yield an application whose PUBLIC_URL leads to the test's server."""
    url = f"http://127.0.0.1:{server.server_port}"
    settings = dataclasses.replace(database.settings(), public_url=url)
    app = create_app(settings, clock=clock, database_clock=clock)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def go_round(service: Flask, clock: Clock, seen: set[str]) -> Round:
    """Return a function that runs a round of the synthetic opt-out."""
    seen.add(ADDRESS)

    def run() -> ProbeRun:
        services: Services = service.extensions["suppression"]
        with service.app_context():
            return run_synthetic_opt_out(services, ADDRESS, clock=clock)

    return run


def watch(app: Flask) -> Probe | None:
    """Return the stored result of the synthetic opt-out, None before the first round."""
    with app.app_context(), reading() as transaction:
        return find_probe(transaction, SYNTHETIC_OPT_OUT)


def answering(status: str, *headers: tuple[str, str]) -> Callable[..., list[bytes]]:
    """Return a WSGI application that answers with this status and stores nothing."""

    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response(status, [("Content-Length", "0"), *headers])
        return []

    return app


def test_it_is_green_while_a_click_stops(
    go_round: Round, service: Flask, server: BaseWSGIServer, clock: Clock
) -> None:
    with running(server, service):
        assert [go_round().result for _ in range(2)] == ["passed", "passed"]
    probe = watch(service)
    assert probe
    assert (probe.ok, probe.ran_at, probe.passed_at) == (True, clock.now, clock.now)


def test_it_leaves_nothing_in_force_and_says_who_it_was(
    go_round: Round, service: Flask, server: BaseWSGIServer, clock: Clock
) -> None:
    with running(server, service):
        go_round()
    with service.app_context():
        controller = find_controller(SYNTHETIC_OPT_OUT)
        subject = service.extensions["suppression"].subject(controller, Kind.EMAIL, ADDRESS)
        search_result = search_suppressions(subject, None, now=clock.now)
    assert not search_result.in_force
    told = {
        (str(entry.type), entry.context.actor, str(entry.context.why or ""))
        for entry in search_result.history
    }
    assert told == {("stop", "link", ""), ("release", "worker", "mistake")}


def test_it_is_red_when_nobody_answers_at_public_url(
    go_round: Round, service: Flask, server: BaseWSGIServer
) -> None:
    server.server_close()
    assert go_round() == ProbeRun(result="click_failed", detail="ConnectionRefusedError")
    probe = watch(service)
    assert probe
    assert (probe.ok, probe.passed_at) == (False, None)


def test_it_is_red_when_the_answer_is_200_and_nothing_is_stored(
    go_round: Round, service: Flask, server: BaseWSGIServer
) -> None:
    with running(server, answering("200 OK")):
        assert go_round().result == "not_denied"
    probe = watch(service)
    assert probe
    assert not probe.ok


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 Not Found", []),
        ("503 Service Unavailable", []),
        ("302 Found", [("Location", "/")]),
        ("303 See Other", [("Location", "/")]),
        ("307 Temporary Redirect", [("Location", "/")]),
        ("204 No Content", []),
    ],
)
def test_it_is_red_at_any_other_answer_a_redirect_too(
    go_round: Round, server: BaseWSGIServer, status: str, headers: list[tuple[str, str]]
) -> None:
    with running(server, answering(status, *headers)):
        assert go_round() == ProbeRun(result="click_refused", detail=f"status {status[:3]}")


def test_a_red_round_keeps_the_date_of_the_last_green_one(
    go_round: Round, service: Flask, server: BaseWSGIServer, clock: Clock
) -> None:
    with running(server, service):
        go_round()
    passed = clock.now
    clock.turn(hours=1)
    with running(server, answering("500 Oh")):
        go_round()
    probe = watch(service)
    assert probe
    assert (probe.ok, probe.ran_at, probe.passed_at) == (False, clock.now, passed)


def test_what_a_round_that_was_cut_short_has_left_does_not_pass_for_a_stop(
    go_round: Round, service: Flask, server: BaseWSGIServer, clock: Clock
) -> None:
    with running(server, service):
        go_round()
    _stop(service, clock)
    with running(server, answering("200 OK")):
        assert go_round().result == "not_denied"


def test_a_stop_that_it_may_not_lift_is_red_before_any_click(
    go_round: Round, service: Flask, server: BaseWSGIServer, clock: Clock
) -> None:
    with running(server, service):
        go_round()
    _stop(service, clock, Reason.COMPLAINT)
    assert go_round().result == "denied_before"


def test_a_database_that_is_away_is_an_error_of_its_own(database: Database, clock: Clock) -> None:
    away = database.url.replace("/list.db", "/gone/list.db").replace("/test_", "/gone_")
    app = create_app(
        dataclasses.replace(database.settings(), database_url=away),
        clock=clock,
        database_clock=clock,
    )
    with app.app_context(), pytest.raises(DatabaseUnavailableError):
        run_synthetic_opt_out(app.extensions["suppression"], ADDRESS, clock=clock)


def test_neither_the_log_nor_the_database_holds_the_token(
    go_round: Round, service: Flask, server: BaseWSGIServer, logs: io.StringIO, database: Database
) -> None:
    with running(server, service):
        go_round()
    assert "/u/" not in logs.getvalue().replace("/u/<token>", "")
    assert "/u/" not in database.dump()


def _stop(app: Flask, clock: Clock, reason: Reason = Reason.UNSUBSCRIBE) -> None:
    """Store a stop of the address that the rounds use."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        controller: Controller = find_controller(SYNTHETIC_OPT_OUT)
        request = StopRequest(
            subjects=(services.subject(controller, Kind.EMAIL, ADDRESS),),
            coverage=RequestedScope(channels=(Channel.EMAIL,)),
            reason=reason,
            evidence=Evidence.API,
            occurred_at=clock.now,
        )
        suppress(
            controller,
            request,
            lambda _: StoredResponse(status=0, body=""),
            actor="test",
            now=clock.now,
        )
