"""A worker at its limit of connections closes the one that waits longest, to take the next one."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.api import Api
from tests.databases import BACKENDS, Database
from tests.e2e.gunicorn_server import Gunicorn, gunicorn

# At DEBUG, urllib3 would log each request into the log that is searched for leaks of the service.
logging.getLogger("urllib3").setLevel(logging.WARNING)

TAKEN = 40
"""The worker's limit of connections in this test; in production it is 1,000."""
BEARABLE = 5.0
"""The seconds that a check may take meanwhile.

It once took for ever, or as long as a request's head may.
"""
EMAIL = "jean.dupont@example.fr"
GET = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
HELD = {
    "requests now and then on connections that are kept": GET,
    "heads that never end": b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow:",
    "nothing": b"",
}


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return only the newest PostgreSQL, because the attack never reaches the database."""
    return str(request.param)


@pytest.fixture
def server(database: Database, api: Api, tmp_path: Path) -> Iterator[Gunicorn]:
    del api
    limits = {"RATE_LIMIT_PER_ADDRESS": "100000/minute", "WEB_CONCURRENCY": "1"}
    arguments = f"--worker-connections={TAKEN}"
    with gunicorn(database, tmp_path, GUNICORN_CMD_ARGS=arguments, **limits) as running:
        yield running


@pytest.mark.parametrize("sent", HELD.values(), ids=HELD)
def test_who_holds_all_connections_keeps_nobody_out(
    server: Gunicorn, api: Api, seen: set[str], sent: bytes
) -> None:
    seen.add(EMAIL)
    with held(server, sent):
        slowest = max(time_of_check(server, api) for _ in range(4))
    assert slowest < BEARABLE


@contextmanager
def held(server: Gunicorn, sent: bytes) -> Iterator[None]:
    """Hold more connections than the worker takes during the block; reopen each that it closes."""
    ended, begun = threading.Event(), threading.Event()

    def hold() -> None:
        connections: list[socket.socket] = []
        while not ended.is_set():
            while len(connections) < 2 * TAKEN:
                connections.append(server.connect())
                connections[-1].sendall(sent)
            begun.set()
            ended.wait(1)
            connections = [connection for connection in connections if goes_on(connection, sent)]
        for connection in connections:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert begun.wait(20)
        time.sleep(0.5)
        yield
    finally:
        ended.set()
        thread.join()


def goes_on(connection: socket.socket, sent: bytes) -> bool:
    """Repeat the request on a connection if the attack is GET; return False if it was closed."""
    connection.settimeout(0)
    try:
        while connection.recv(1 << 16):
            pass
    except BlockingIOError:
        if sent == GET:
            connection.sendall(sent)
        connection.settimeout(20)
        return True
    except OSError:
        pass
    connection.close()
    return False


def time_of_check(server: Gunicorn, api: Api) -> float:
    """Return the seconds that a check takes on a new connection; it must be answered with 200."""
    body = {"channel": "email", "identifier": EMAIL}
    headers = {"Authorization": f"Bearer {api.key}"}
    began = time.monotonic()
    answer = requests.post(f"{server.url}/v1/checks", json=body, headers=headers, timeout=20)
    assert answer.status_code == 200
    return time.monotonic() - began
