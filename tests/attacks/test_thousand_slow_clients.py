"""A thousand slow clients of one worker hold up no check and no click."""

from __future__ import annotations

import logging
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.api import Api
from tests.databases import BACKENDS, Database
from tests.e2e.gunicorn_server import Gunicorn, gunicorn

# It would write a line per request into what is searched for leaks; it is not the service.
logging.getLogger("urllib3").setLevel(logging.WARNING)

CLIENTS = 990
"""As many as a worker takes (1,000), but for the few that check and click."""
TRIES = 40
BEARABLE = 5.0
"""Seconds that a check and a click may take on a busy machine."""
SEGMENT, WINDOW = 536, 2048
"""Bytes: with so little, the kernel takes 28 KB for a client that does not read, not 2 MB."""
EMAIL, CLICKER = "jean.dupont@example.fr", "ana.silva@example.com"
UPLOAD = (
    "POST /v1/imports?source=crm HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n"
    "Content-Type: text/csv\r\nContent-Length: 9000000\r\n\r\nemail\n"
)
FORM = (
    "POST /stop/okwind HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\nwhat=e"
)
SLOW_CLIENTS = {
    "half a head": "GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow:",
    "half a body": FORM,
    "an upload that is known": UPLOAD,
    "an answer of 200 KB that nobody reads": "GET /openapi.yaml HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """The newest PostgreSQL, as in production: what is attacked stands before any database."""
    return str(request.param)


@pytest.fixture
def open_files() -> Iterator[None]:
    """Allow this process, and the server that it starts, a file for each connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * CLIENTS if hard == resource.RLIM_INFINITY else min(hard, 4 * CLIENTS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def server(database: Database, api: Api, tmp_path: Path, open_files: None) -> Iterator[Gunicorn]:
    del api, open_files
    limits = {"RATE_LIMIT_PER_ADDRESS": "100000/minute", "RATE_LIMIT_PER_KEY": "100000/minute"}
    with gunicorn(database, tmp_path, WEB_CONCURRENCY="1", **limits) as running:
        yield running


def test_a_thousand_slow_clients_hold_nobody_up(server: Gunicorn, api: Api, seen: set[str]) -> None:
    seen.update({EMAIL, CLICKER})
    link = urlsplit(str(api.post("/v1/links", {"identifier": CLICKER}).get_json()["url"])).path
    for slow, sent in SLOW_CLIENTS.items():
        with held(server, sent.format(key=api.key).encode()):
            assert max(times(server, api.key, link)) < BEARABLE, slow


@contextmanager
def held(server: Gunicorn, sent: bytes) -> Iterator[None]:
    """Open the connections, send on each the beginning of a request, and hold them for a block."""
    address = urlsplit(server.url)
    with ExitStack() as held_open:
        for _ in range(CLIENTS):
            connection = held_open.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
            connection.connect((address.hostname, address.port))
            connection.sendall(sent)
        yield


def times(server: Gunicorn, key: str, link: str) -> list[float]:
    """Return how long each of some checks takes, with a click behind it, in seconds."""
    check = {"channel": "email", "identifier": EMAIL}
    headers = {"Authorization": f"Bearer {key}"}
    took = []
    with requests.Session() as session:

        def both() -> None:
            checked = session.post(f"{server.url}/v1/checks", json=check, headers=headers)
            clicked = session.post(f"{server.url}{link}", data={"List-Unsubscribe": "One-Click"})
            assert (checked.status_code, clicked.status_code) == (200, 200)

        both()
        for _ in range(TRIES):
            begun = time.monotonic()
            both()
            took.append(time.monotonic() - begun)
    return took
