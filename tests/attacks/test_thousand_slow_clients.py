"""A thousand slow clients of one worker do not delay checks and clicks."""

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

# At DEBUG, urllib3 would log each request into the log that is searched for leaks of the service.
logging.getLogger("urllib3").setLevel(logging.WARNING)

CLIENTS = 990
"""The number of slow clients: the worker's limit of 1,000, less some for checks and clicks."""
TRIES = 40
BEARABLE = 5.0
"""The seconds that a check and a click together may take on a busy machine."""
SEGMENT, WINDOW = 536, 2048
"""Sizes in bytes, so small that the kernel buffers 28 KB and not 2 MB for a client that waits."""
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
    """Return only the newest PostgreSQL, because the attack never reaches the database."""
    return str(request.param)


@pytest.fixture
def open_files() -> Iterator[None]:
    """Raise the limit of open files for this process and the server that it starts."""
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
    """Open CLIENTS connections, send `sent` on each, and hold them open during the block."""
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
    """Return the seconds that each of TRIES checks takes together with a click after it."""
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
