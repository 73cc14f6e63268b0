"""Clients that send slowly, or never to the end, do not block a real gunicorn for others."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.api import Api
from tests.databases import BACKENDS, Database
from tests.e2e.gunicorn_server import Gunicorn, gunicorn

# At DEBUG, urllib3 would log each request into the log that is searched for leaks of the service.
logging.getLogger("urllib3").setLevel(logging.WARNING)

MANY = 40
BEARABLE = 5.0
"""The seconds that a check may take during an attack on a busy machine; it once took for ever."""
HALF_HEAD = b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow:"
FORM = b"Host: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
ATTACKS = {
    "half a head": HALF_HEAD,
    "nothing": b"",
    "6 bytes of a file without a key": (
        b"POST /v1/scrubs?channel=email HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n"
        b"email\n"
    ),
    "6 bytes of a batch without a key": (
        b"POST /v1/checks/batch HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n" + b'{"item'
    ),
    "6 bytes of a public form": (
        b"POST /stop/okwind HTTP/1.1\r\n" + FORM + b"Content-Length: 90\r\n\r\nwhat=e"
    ),
    "a chunk of a public form": (
        b"POST /stop/okwind HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
        b"6\r\nwhat=e\r\n5"
    ),
    "a public form whose length has zeros before it": (
        b"POST /stop/okwind HTTP/1.1\r\n" + FORM + b"Content-Length: %030d\r\n\r\nwhat=e" % 90
    ),
    "a chunk of a public form whose size has zeros before it": (
        b"POST /stop/okwind HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
        b"00000000000000000090\r\nwhat=e"
    ),
    "bytes of a public form with much beside each": (
        b"POST /stop/okwind HTTP/1.1\r\n"
        + FORM
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + (b"1;" + b"a" * 8000 + b"\r\nw\r\n") * 34
    ),
    "a public form with trailers that never end": (
        b"POST /stop/okwind HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
        b"6\r\nwhat=e\r\n0\r\n" + b"A: b\r\n" * 50_000
    ),
    "a file for the console without a session": (
        b"POST /console/okwind/imports HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
    ),
}


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return only the newest PostgreSQL, because the attack never reaches the database."""
    return str(request.param)


@pytest.fixture
def link(api: Api, seen: set[str]) -> str:
    """Make a link and return its path."""
    seen.add("ana.silva@example.com")
    answer = api.post("/v1/links", {"identifier": "ana.silva@example.com"})
    return urlsplit(str(answer.get_json()["url"])).path


@pytest.fixture
def server(database: Database, api: Api, tmp_path: Path) -> Iterator[Gunicorn]:
    del api
    with gunicorn(database, tmp_path, RATE_LIMIT_PER_ADDRESS="100000/minute") as running:
        yield running


def test_no_slow_sender_stops_checks_and_clicks(server: Gunicorn, api: Api, link: str) -> None:
    for attack, sent in ATTACKS.items():
        with ExitStack() as held:
            for _ in range(MANY):
                connection = held.enter_context(server.connect())
                connection.sendall(sent)
            time.sleep(0.3)
            slowest = max(time_of_check(server, api), time_of_click(server, link))
            assert slowest < BEARABLE, attack


def test_what_does_not_come_in_time_is_answered_by_a_problem(server: Gunicorn) -> None:
    """The three half requests are sent at once, because each answer waits for the time limit."""
    halves = ("half a head", "6 bytes of a batch without a key", "6 bytes of a public form")
    with ExitStack() as held:
        connections = [held.enter_context(server.connect()) for _ in halves]
        for connection, half in zip(connections, halves, strict=True):
            connection.sendall(ATTACKS[half])
        answers = [received(connection).partition(b"\r\n\r\n") for connection in connections]
    for half, (head, _, body) in zip(halves, answers, strict=True):
        assert head.startswith(b"HTTP/1.1 408 "), half
        assert b"application/problem+json" in head
        assert json.loads(body)["type"] == "urn:suppression:problem:request-timeout"


def test_who_sends_in_pieces_is_answered(server: Gunicorn, link: str) -> None:
    """A slow line is no attack, so a one-click that arrives byte by byte is stored."""
    body = b"List-Unsubscribe=One-Click"
    head = f"POST {link} HTTP/1.1\r\nContent-Length: {len(body)}\r\nConnection: close\r\n".encode()
    with server.connect() as connection:
        for byte in head + FORM + b"\r\n" + body:
            connection.sendall(bytes([byte]))
        assert received(connection).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_waits_to_be_told_goes_on(server: Gunicorn, link: str) -> None:
    body = b"14\r\nList-Unsubscribe=One\r\n6\r\n-Click\r\n0\r\n\r\n"
    head = f"POST {link} HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n"
    with server.connect() as connection:
        connection.sendall(head.encode() + FORM + b"\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def received(connection: socket.socket) -> bytes:
    """Return all bytes that arrive until the server closes the connection."""
    return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def time_of_check(server: Gunicorn, api: Api) -> float:
    """Return the seconds of the slowest of four checks, each on a new connection."""
    body = {"channel": "email", "identifier": "jean.dupont@example.fr"}
    api.seen.add("jean.dupont@example.fr")
    headers = {"Authorization": f"Bearer {api.key}"}

    def check() -> requests.Response:
        return requests.post(f"{server.url}/v1/checks", json=body, headers=headers, timeout=20)

    return max(timed(check) for _ in range(4))


def time_of_click(server: Gunicorn, link: str) -> float:
    """Return the seconds of the slowest of four one-clicks."""
    body = {"List-Unsubscribe": "One-Click"}
    return max(
        timed(lambda: requests.post(f"{server.url}{link}", data=body, timeout=20)) for _ in range(4)
    )


def timed(ask: Callable[[], requests.Response]) -> float:
    """Send a request, which must be answered with 200, and return the seconds that it took."""
    began = time.monotonic()
    assert ask().status_code == 200
    return time.monotonic() - began
