"""A refused request of any size is answered by a short problem, and does not slow down others."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import requests

from tests.api import Api
from tests.databases import BACKENDS, Database
from tests.e2e.gunicorn_server import Gunicorn, gunicorn

# At DEBUG, urllib3 would log each request into the log that is searched for leaks of the service.
logging.getLogger("urllib3").setLevel(logging.WARNING)

UNKNOWN_FIELDS = 600_000
SIZES = (2 << 20, 20 << 20)
REFUSED = (
    (b"GET /livez%s HTTP/1.1\r\nHost: a\r\n\r\n", 414, "address-too-long"),
    (b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Long: %s\r\n\r\n", 431, "headers-too-large"),
    (b"GET /livez HTTP/1.1\r\nHost: a\r\nno header%s\r\n\r\n", 400, "malformed-request"),
    (b"nonsense\r\nHost: a\r\n\r\n", 400, "malformed-request"),
)
BROKEN = (b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}garbage\r\n0\r\n\r\n")
CHUNKED = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return only the newest PostgreSQL, because no request here reaches the database."""
    return str(request.param)


@pytest.fixture
def server(database: Database, api: Api, tmp_path: Path) -> Iterator[Gunicorn]:
    del api
    # With more than one arena each thread keeps the memory that it freed, which looks like a leak.
    with gunicorn(database, tmp_path, WEB_CONCURRENCY="1", MALLOC_ARENA_MAX="1") as running:
        yield running


def test_who_sends_a_large_body_with_a_wrong_key_comes_to_read_the_answer(
    server: Gunicorn, subtests: pytest.Subtests
) -> None:
    for path, size in product((b"/v1/checks/batch", b"/v1/scrubs?channel=email"), SIZES):
        with subtests.test(path=path, size=size):
            head, body = exchanged(server, large(path, b"wrong", size))
            assert head.startswith(b"HTTP/1.1 401 ")
            assert json.loads(body)["type"].endswith(":wrong-key")


def test_who_sends_a_body_over_the_limit_comes_to_read_the_answer(
    server: Gunicorn, api: Api
) -> None:
    head, _ = exchanged(server, large(b"/v1/checks/batch", api.key.encode(), 10 << 20))
    assert head.startswith(b"HTTP/1.1 413 ")


def test_what_gunicorn_refuses_is_a_problem(server: Gunicorn, subtests: pytest.Subtests) -> None:
    for sent, status, kind in REFUSED:
        with subtests.test(kind=kind, sent=sent[:12]):
            head, body = exchanged(server, sent.replace(b"%s", b"/jean.dupont@example.fr" * 1000))
            assert head.startswith(f"HTTP/1.1 {status} ".encode())
            problem = json.loads(body)
            assert problem["type"] == f"urn:suppression:problem:{kind}"
            assert re.fullmatch("[0-9a-f]{32}", problem["request_id"])
            assert b"jean.dupont" not in body
            assert "jean.dupont" not in server.log.read_text()


def test_a_body_of_broken_chunks_is_a_400(
    server: Gunicorn, api: Api, subtests: pytest.Subtests
) -> None:
    key = b"Host: a\r\nAuthorization: Bearer " + api.key.encode() + b"\r\n"
    for path, wrong in product((b"/v1/checks", b"/v1/checks/batch", b"/stop/okwind"), BROKEN):
        with subtests.test(path=path, wrong=wrong):
            typed = CHUNKED
            if path.startswith(b"/stop/"):
                typed = CHUNKED.replace(b"json", b"x-www-form-urlencoded")
            head, _ = exchanged(server, b"POST " + path + b" HTTP/1.1\r\n" + key + typed + wrong)
            assert head.startswith(b"HTTP/1.1 400 ")


def test_an_answer_lists_fifty_faults_and_counts_the_rest(server: Gunicorn, api: Api) -> None:
    body = "{" + ",".join(f'"{number}":1' for number in range(UNKNOWN_FIELDS)) + "}"
    headers = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/json"}
    idle = first = memory_of(server)
    for turn in range(4):
        answer = requests.post(
            f"{server.url}/v1/checks/batch", data=body, headers=headers, timeout=60
        )
        first = memory_of(server) if turn == 0 else first
        assert answer.status_code == 422
        assert len(answer.content) < 20_000
        problem = answer.json()
        assert 1 <= len(problem["errors"]) <= 50
        assert len(problem["errors"]) + problem["more_errors"] == UNKNOWN_FIELDS
    assert memory_of(server) - first < 60 << 10, "kilobytes that the next one could not use again"
    assert memory_of(server) - idle < 120 << 10, "kilobytes that were not given back"


def large(path: bytes, key: bytes, size: int) -> bytes:
    """Return a request with a body of this size in bytes."""
    head = (
        b"POST " + path + b" HTTP/1.1",
        b"Host: a",
        b"Authorization: Bearer " + key,
        b"Content-Type: application/json",
        b"Content-Length: " + str(size).encode(),
    )
    return b"\r\n".join((*head, b"", b"x" * size))


def exchanged(server: Gunicorn, sent: bytes) -> tuple[bytes, bytes]:
    """Send bytes to the server and return the head and the body of the answer."""
    head, _, body = server.answer_to(sent).partition(b"\r\n\r\n")
    return head, body


def memory_of(server: Gunicorn) -> int:
    """Return the resident memory of the only worker, in kilobytes."""
    (worker,) = server.workers()
    status = Path(f"/proc/{worker}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0])
