"""When every process of the database is frozen (SIGSTOP), no request waits for ever."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from flask import Flask
from sqlalchemy import make_url

from suppression.storage.engine import deadlines
from suppression.storage.engine.database import disconnect, reading
from suppression.wiring.whole import create_app
from tests.api import make_controller, make_key
from tests.databases import BACKENDS, Database, migrate, settings_for
from tests.e2e.gunicorn_server import Gunicorn, gunicorn
from tests.postgres.installations import installations
from tests.postgres.running import RunningServer, running_server

CHECKS, STOPS = 24, 20
TIMEOUT = 2.0  # DB_TIMEOUT_MS by default
MARGIN = 0.5
SLOW_MACHINE = 2.0
"""The seconds that the client's own threads may take while other tests run."""


@pytest.fixture(params=[name for name in BACKENDS if name != "sqlite"])
def running(request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    """Yield a PostgreSQL server that only this test uses, so that it may be frozen."""
    installation = next(each for each in installations() if each.name == request.param)
    with running_server(installation, durable=False) as server:
        yield server


@pytest.fixture
def database(running: RunningServer) -> Database:
    url = running.server.url_for("postgres")
    migrate(url)
    return Database("postgresql", url)


def test_a_frozen_database_holds_no_request_and_never_livez(
    running: RunningServer, database: Database, tmp_path: Path
) -> None:
    key = key_for(database)
    with gunicorn(database, tmp_path, WEB_CONCURRENCY="1") as server:
        assert ask(server, "/v1/checks", CHECK, key)[0] == 200
        assert ask(server, "/v1/suppressions", STOP, key)[0] == 201
        with frozen(running.pids.postgres):
            answers = together(server, key)
            assert {status for status, _, _ in answers} == {503}
            assert all(b'"decision": "unknown"' in body for _, body, _ in answers[:CHECKS])
            assert max(took for _, _, took in answers) < TIMEOUT + MARGIN + SLOW_MACHINE
        assert eventually_allows(server, key), "it answers as soon as the database does"


def test_livez_answers_while_all_threads_wait(
    running: RunningServer, database: Database, tmp_path: Path
) -> None:
    key = key_for(database)
    with gunicorn(database, tmp_path, WEB_CONCURRENCY="1") as server:
        assert ask(server, "/v1/checks", CHECK, key)[0] == 200
        with frozen(running.pids.postgres):
            waiting = threading.Thread(target=together, args=(server, key))
            waiting.start()
            time.sleep(0.5)
            status, _, took = ask(server, "/livez")
            assert (status, took < 1.0) == (200, True)
            waiting.join(60)


def test_one_backend_that_hangs_is_waited_for_once(
    running: RunningServer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_whoever_gives_up(monkeypatch)
    app = create_app(settings_for(database.url))
    headers = {"Authorization": f"Bearer {make_key(app, make_controller(app, 'okwind'))}"}
    client = app.test_client()
    with answered_meanwhile(app):
        assert client.post("/v1/checks", json=CHECK, headers=headers).status_code == 200
        with frozen_processes([backend_of_checks(running, database)]):
            begun = time.monotonic()
            assert client.post("/v1/checks", json=CHECK, headers=headers).status_code == 503
            assert time.monotonic() - begun < TIMEOUT + MARGIN + SLOW_MACHINE / 2
    with app.app_context():
        disconnect()


def interrupt_whoever_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the thread that ends a late wait sleep right after it; the waiting thread wakes."""
    shut_down = deadlines._shut_down  # noqa: SLF001 - what that thread does

    def slowly(wait: deadlines._Wait) -> bool:
        ended = shut_down(wait)
        time.sleep(MARGIN / 2)
        return ended

    monkeypatch.setattr(deadlines, "_shut_down", slowly)


@contextmanager
def answered_meanwhile(app: Flask) -> Iterator[None]:
    """Query the database repeatedly during the block, by a connection that no request uses.

    So the service does not count the server as silent.
    """
    begun, over = threading.Event(), threading.Event()

    def ask_on() -> None:
        with app.app_context(), reading() as transaction:
            while not over.wait(0.1):
                transaction.exec_driver_sql("SELECT 1")
                begun.set()

    asking = threading.Thread(target=ask_on)
    asking.start()
    try:
        assert begun.wait(SLOW_MACHINE + TIMEOUT), "the database answers before any is frozen"
        yield
    finally:
        over.set()
        asking.join()


def backend_of_checks(running: RunningServer, database: Database) -> int:
    """Return the id of the server process that executed the last check on this database."""
    url = running.server.url_for("postgres").replace("+psycopg2", "")
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as run:
        run.execute(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'EXECUTE state%%' AND datname = %s",
            (make_url(database.url).database,),
        )
        ((process,),) = run.fetchall()
    return int(process)


CHECK = {"channel": "email", "identifier": "jean@example.fr"}
STOP = {"identifiers": [{"kind": "email", "value": "marie@example.fr"}], "channels": "all"}


def key_for(database: Database) -> str:
    """Create a controller and return an API key of it."""
    app: Flask = create_app(settings_for(database.url))
    try:
        return make_key(app, make_controller(app, "okwind"))
    finally:
        with app.app_context():
            disconnect()


def together(server: Gunicorn, key: str) -> list[tuple[int, bytes, float]]:
    """Send checks and stops at one time; return the status, body and seconds of each answer.

    The answers to the checks come first.
    """
    answers: list[tuple[int, bytes, float]] = [(0, b"", 0.0)] * (CHECKS + STOPS)

    def send(number: int) -> None:
        path, body = ("/v1/checks", CHECK) if number < CHECKS else ("/v1/suppressions", STOP)
        answers[number] = ask(server, path, body, key)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(CHECKS + STOPS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def ask(
    server: Gunicorn, path: str, body: object = None, key: str = ""
) -> tuple[int, bytes, float]:
    """Return status, body and duration of one request on a connection of its own."""
    parts = urlsplit(server.url)
    begun = time.monotonic()
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=100)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST" if body else "GET", path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, text, time.monotonic() - begun


def eventually_allows(server: Gunicorn, key: str) -> bool:
    """Return whether a check is answered with 200 again within five seconds."""
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        if ask(server, "/v1/checks", CHECK, key)[0] == 200:
            return True
        time.sleep(0.1)
    return False


@contextmanager
def frozen(postmaster: int) -> Iterator[None]:
    """Freeze a server and its child processes during the block."""
    with frozen_processes([postmaster, *children(postmaster)]):
        yield


@contextmanager
def frozen_processes(processes: list[int]) -> Iterator[None]:
    """Freeze these processes during the block."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def children(process: int) -> list[int]:
    """Return the ids of the running child processes of a process."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in listed]


@pytest.mark.parametrize("people", [1, 2])
def test_a_commit_that_a_standby_did_not_confirm_is_no_success(
    database: Database, people: int
) -> None:
    app = create_app(settings_for(database.url))
    headers = {"Authorization": f"Bearer {make_key(app, make_controller(app, 'okwind'))}"}
    identifiers = [{"kind": "email", "value": f"marie{n}@example.fr"} for n in range(people)]
    statuses: list[int] = []

    def send() -> None:
        client, body = app.test_client(), {"identifiers": identifiers, "channels": "all"}
        answer = client.post("/v1/suppressions", json=body, headers=headers)
        statuses.append(answer.status_code)

    with without_its_standby(database) as run:
        sender = threading.Thread(target=send)
        sender.start()
        cancel_when_waiting(run)
        sender.join(30)
    with app.app_context():
        disconnect()
    assert statuses == [503]


@contextmanager
def without_its_standby(database: Database) -> Iterator[psycopg2.extensions.cursor]:
    """Let each commit wait for a standby that does not exist; yield an administrator's cursor."""
    admin = psycopg2.connect(database.url.replace("+psycopg2", ""))
    admin.autocommit = True
    run = admin.cursor()
    run.execute("ALTER SYSTEM SET synchronous_commit = on")
    run.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    run.execute("SELECT pg_reload_conf(), pg_sleep(0.5)")
    yield run
    admin.close()


def cancel_when_waiting(run: psycopg2.extensions.cursor) -> None:
    """Cancel, as an administrator, the first commit that waits for a standby.

    Raises AssertionError if none waits within 20 seconds.
    """
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        run.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        )
        if run.rowcount:
            return
        time.sleep(0.02)
    raise AssertionError("no commit waited for a standby")
