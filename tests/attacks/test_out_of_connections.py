"""Clicks, and stops by the API, are stored even if the database gives no more connections."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from flask import Flask
from psycopg2 import sql

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.connection_limits import ReservedConnection
from suppression.storage.engine.database import connection_of, disconnect, reading, writing
from suppression.storage.engine.prepared_statements import reader_connection
from suppression.wiring.whole import create_app
from tests.api import Api, make_controller, make_key
from tests.conftest import Clock
from tests.databases import BACKENDS, migrate, migrated_database, settings_for
from tests.postgres.installations import installations
from tests.postgres.running import running_server

LIMIT = 4
ANA = "ana.silva@example.com"


@pytest.fixture(params=[name for name in BACKENDS if name != "sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """Return each PostgreSQL, because SQLite has no limit of connections."""
    return str(request.param)


@pytest.fixture(params=["role"])
def limited(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a database with few connections, limited by the role or max_connections."""
    if request.param == "role":
        with migrated_database(backend, tmp_path) as database, _role(database.url, LIMIT) as url:
            yield url
        return
    installation = next(
        installation for installation in installations() if installation.name == backend
    )
    with running_server(installation, durable=False) as running:
        url = running.server.url_for("postgres")
        migrate(url)
        with _administering(url.replace("+psycopg2", "")) as run:
            run("ALTER SYSTEM SET max_connections = {}", name=LIMIT)
            run("ALTER SYSTEM SET superuser_reserved_connections = {}", name=0)
            run("ALTER SYSTEM SET max_wal_senders = {}", name=0)
        running.stop("fast")  # commits do not wait for the disk, so a crash could lose the newest
        running.start()
        yield url


@contextmanager
def _role(url: str, limit: int) -> Iterator[str]:
    """Yield the URL of the database for a new role that may have `limit` connections."""
    role = f"limited_{uuid.uuid4().hex}"
    owner = url.replace("+psycopg2", "")
    with _administering(owner) as run:
        run(
            f"CREATE ROLE {{}} LOGIN CONNECTION LIMIT {limit} PASSWORD 'x'",
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {}",
            name=role,
        )
    yield _for_role(url, role)
    with _administering(owner) as run:
        run("DROP OWNED BY {}", "DROP ROLE {}", name=role)


@pytest.fixture
def app(limited: str, clock: Clock) -> Iterator[Flask]:
    built = create_app(settings_for(limited), clock=clock)
    yield built
    with built.app_context():
        disconnect()


@pytest.fixture
def caller(app: Flask, seen: set[str]) -> Api:
    return Api(app, make_key(app, make_controller(app, "okwind")), seen)


@contextmanager
def _administering(url: str) -> Iterator[Callable[..., None]]:
    connection = psycopg2.connect(url)
    connection.autocommit = True

    def run(*statements: str, name: str | int) -> None:
        named = sql.Identifier(name) if isinstance(name, str) else sql.Literal(name)
        for statement in statements:
            connection.cursor().execute(sql.SQL(statement).format(named))

    yield run
    connection.close()


def _for_role(url: str, role: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:x@{place}"))


def link_of(caller: Api, email: str = ANA) -> str:
    caller.seen.add(email)
    url = caller.post("/v1/links", {"identifier": email}).get_json()["url"]
    return str(urlsplit(url).path)


def click(caller: Api, path: str) -> int:
    data = {"List-Unsubscribe": "One-Click"}
    return caller.client.post(path, data=data).status_code


@contextmanager
def held_by(app: Flask, hold: Callable[[], object], limit: int = 20) -> Iterator[int]:
    """Hold connections until the database gives no more, at most `limit`; yield their number."""
    with app.app_context(), ExitStack() as held:
        count = 0
        try:
            while count < limit:
                held.enter_context(hold())  # type: ignore[arg-type]
                count += 1
        except DatabaseUnavailableError:
            pass
        yield count


@pytest.mark.parametrize(
    ("limited", "hold"),
    [("role", reader_connection), ("role", reading), ("server", reader_connection)],
    ids=["role, quick readers", "role, plain readers", "server, quick readers"],
    indirect=["limited"],
)
def test_clicks_are_stored_while_readers_hold_every_connection(
    app: Flask, caller: Api, hold: Callable[[], object]
) -> None:
    path = link_of(caller)
    with held_by(app, hold) as readers:
        assert 0 < readers < LIMIT, "one is kept, whatever readers take"
        assert click(caller, path) == 200
        caller.send("GET", "/readyz")  # its answer must not change that of /readyz/stops
        assert caller.send("GET", "/readyz/stops").status_code == 200
        assert caller.stop("email", "b@example.com").status_code == 201
        done = caller.client.post("/stop/okwind", data={"what": "email", "email": "c@example.com"})
        assert done.status_code == 303
    for email in (ANA, "b@example.com", "c@example.com"):
        assert caller.decision("email", email) == "deny"


def test_idle_readers_give_way_to_a_writer(app: Flask) -> None:
    with held_by(app, reader_connection) as readers:
        assert readers > 0
    # The readers are idle now and hold all connections of the role; a case or a key is written.
    with app.app_context(), ExitStack() as writers:
        for _ in range(2):
            writers.enter_context(writing())
    assert make_key(app, make_controller(app, "okonect"))


def test_idle_writers_give_way_to_checks(app: Flask, caller: Api) -> None:
    with app.app_context():
        disconnect()
        with held_by(app, writing) as writers:
            assert writers > 0
    assert caller.decision("email", ANA) == "allow"


def test_checks_wait_for_one_another_where_the_limit_is_small(
    app: Flask, caller: Api, limited: str
) -> None:
    with app.app_context():
        disconnect()
    # On a busy machine eight threads may need longer than two seconds to get their turns.
    patient = create_app(replace(settings_for(limited), db_timeout=timedelta(seconds=20)))
    answers: list[int] = []

    def ask() -> None:
        client, headers = patient.test_client(), {"Authorization": f"Bearer {caller.key}"}
        for _ in range(5):
            body = {"channel": "email", "identifier": ANA}
            answers.append(client.post("/v1/checks", json=body, headers=headers).status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with patient.app_context():
        disconnect()
    assert answers == [200] * 40


def test_who_gets_no_connection_waits_for_whoever_is_opening_one(app: Flask) -> None:
    """At a start all threads connect at once, and none of them holds a connection yet."""
    opening, opened, tries = threading.Event(), threading.Event(), []

    def open_slowly() -> str:
        opening.set()
        assert opened.wait(10)
        return "slow"

    def open_at_the_second_try() -> str:
        tries.append(opening.wait(10))
        if len(tries) == 1:
            raise psycopg2.OperationalError
        opened.set()
        return "second"

    def connect() -> None:
        with app.app_context():
            connection_of(open_slowly, ReservedConnection())

    with app.app_context():
        disconnect()
        other = threading.Thread(target=connect)
        other.start()
        try:
            assert connection_of(open_at_the_second_try, ReservedConnection()) == "second"
        finally:
            opened.set()
            other.join(10)


def test_clicks_are_stored_while_another_process_holds_the_rest(
    app: Flask, caller: Api, limited: str
) -> None:
    path = link_of(caller)
    with app.app_context():
        others = _all_that_is_left(limited)
    try:
        assert [click(caller, path) for _ in range(3)] == [200, 200, 200]
        assert caller.stop("email", "b@example.com").status_code == 201
    finally:
        for other in others:
            other.close()
    assert caller.decision("email", ANA) == "deny"


def test_without_room_for_anybody_the_answer_comes_at_once(
    app: Flask, caller: Api, limited: str
) -> None:
    with app.app_context():
        disconnect()
    others = _all_that_is_left(limited)
    begun = time.monotonic()
    body = {"channel": "email", "identifier": ANA}
    answer = caller.post("/v1/checks", body)
    assert (answer.status_code, answer.get_json()["decision"]) == (503, "unknown")
    assert time.monotonic() - begun < 5
    for other in others:
        other.close()
    assert caller.decision("email", ANA) == "allow"


def _all_that_is_left(url: str) -> list[psycopg2.extensions.connection]:
    """Open connections until the server refuses, and return them."""
    taken = []
    try:
        while True:
            taken.append(psycopg2.connect(url.replace("+psycopg2", "")))
    except psycopg2.OperationalError:
        return taken
