"""Uploads from real clients to a real gunicorn do not hang, lose no row, and leave no file."""

from __future__ import annotations

import io
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from flask import Flask

from suppression.domain.imports.model import ImportState
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.imports.manage import list_imports
from tests.api import Api
from tests.broken_rows import contacts
from tests.databases import BACKENDS, SQLITE, Database
from tests.docs.programs import program, run_program
from tests.e2e.gunicorn_server import Gunicorn, gunicorn
from tests.length import chosen

pytestmark = pytest.mark.parametrize("backend", chosen(BACKENDS, short=SQLITE), indirect=True)
PAGE = "docs/for-marketing.md"
STOPPED = "jean.dupont@example.fr"
LIMIT = 110
ROWS = 5000
PLACES = 2
"""The number of files that a worker process reads for one controller at a time."""
NOTE = b"n" * 2000


@pytest.fixture
def server(database: Database, api: Api, seen: set[str], tmp_path: Path) -> Iterator[Gunicorn]:
    seen.add(STOPPED)
    api.stop("email", STOPPED)
    folder = tmp_path / "server"
    folder.mkdir()
    with gunicorn(database, folder, WEB_CONCURRENCY="1") as port:
        yield port


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write a file of ten megabytes, with one broken row in a hundred; return its path."""
    raw, _ = contacts(ROWS, stopped=STOPPED)
    path = tmp_path / "people.csv"
    path.write_bytes(raw.replace(b",Paris\n", b"," + NOTE + b"\n"))
    return path


def test_requests_sends_all_of_it_first(server: Gunicorn, api: Api, file: Path) -> None:
    url, headers = f"{server.url}/v1/scrubs?channel=email", {"Authorization": f"Bearer {api.key}"}
    with file.open("rb") as body:
        sized = requests.post(url, data=body, headers=headers, timeout=LIMIT)
    with file.open("rb") as body:
        parts = iter(lambda: body.read(60_000), b"")
        chunked = requests.post(url, data=parts, headers=headers, timeout=LIMIT)
    assert sized.json()["rows"] == chunked.json()["rows"] == ROWS
    assert sized.json()["summary"] == chunked.json()["summary"]
    lines = requests.get(server.url + sized.json()["decisions"], headers=headers, timeout=LIMIT)
    assert json.loads(lines.text.splitlines()[-1]) == {"complete": True, "rows": ROWS}
    assert written_by(server) == []


@pytest.mark.parametrize(
    ("key", "query", "status"),
    [("wrong", "channel=email", 401), ("", "channel=pigeon", 422), ("", "channel=sms", 422)],
)
def test_an_error_comes_through_to_who_sends_first(
    server: Gunicorn, api: Api, key: str, query: str, status: int
) -> None:
    headers = {"Authorization": f"Bearer {key or api.key}"}
    body = io.BytesIO(b"email,note\n" + (b"a@b.fr," + NOTE + b"\n") * 10_000)
    url = f"{server.url}/v1/scrubs?{query}"
    answer = requests.post(url, data=body, headers=headers, timeout=LIMIT)
    assert answer.status_code == status


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("way", [["--data-binary", "@"], ["-X", "POST", "-T", ""]])
def test_curl_sends_it(server: Gunicorn, api: Api, file: Path, way: list[str]) -> None:
    *options, before = way
    words = ["curl", "-sS", *options, f"{before}{file}", "-H", f"Authorization: Bearer {api.key}"]
    ended = subprocess.run(
        [*words, f"{server.url}/v1/scrubs?channel=email"],
        capture_output=True,
        timeout=LIMIT,
        check=True,
    )
    assert json.loads(ended.stdout)["rows"] == ROWS


def test_the_documented_program_keeps_the_allowed_rows(
    server: Gunicorn, api: Api, file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "allowed.csv"
    joins = program(PAGE, "/v1/scrubs")
    (told,) = run_program(joins, tmp_path, file, target, SERVICE=server.url, KEY=api.key)
    assert told.startswith("5000 rows")
    _, expected = contacts(ROWS, stopped=STOPPED)
    lines = file.read_bytes().splitlines(keepends=True)
    allowed = [lines[row - 1] for row, decision in expected.items() if decision == "allow"]
    assert target.read_bytes() == b"".join([lines[0], *allowed])


def test_who_stalls_loses_its_place(database: Database, api: Api, tmp_path: Path) -> None:
    head = (
        f"POST /v1/scrubs?channel=email HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n"
        f"Authorization: Bearer {api.key}\r\n\r\nemail\n"
    )
    settings = {"WEB_CONCURRENCY": "1", "UPLOAD_IDLE_SECONDS": "1"}
    with gunicorn(database, tmp_path, **settings) as server, ExitStack() as sockets:
        stalled = [sockets.enter_context(server.connect()) for _ in range(PLACES)]
        for connection in stalled:
            connection.sendall(head.encode())
        told = [connection.recv(1 << 16).split(b"\r\n", 1)[0] for connection in stalled]
        assert told == [b"HTTP/1.1 400 BAD REQUEST"] * PLACES
        headers = {"Authorization": f"Bearer {api.key}"}
        url = f"{server.url}/v1/scrubs?channel=email"
        answer = requests.post(url, data=b"email\n", headers=headers, timeout=LIMIT)
        assert answer.status_code == 201


@pytest.mark.parametrize(
    "place",
    ["/v1/imports?channels=email", "/v1/scrubs?channel=email", "/v1/links/file"],
)
def test_a_file_that_ends_early_is_no_file(
    server: Gunicorn, app: Flask, api: Api, place: str
) -> None:
    """A part once counted as the whole file, so the people in the rest were not stopped."""
    rows = b"email\n" + b"marie.durand@example.fr\n" * 4 * ROWS  # more than is held
    head = (
        f"POST {place} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(rows) + 1}\r\n"
        f"Content-Type: text/csv\r\nAuthorization: Bearer {api.key}\r\n\r\n"
    )
    with server.connect() as connection:
        connection.sendall(head.encode() + rows)
        connection.shutdown(socket.SHUT_WR)
        told = connection.recv(1 << 16)
    assert told.startswith(b"HTTP/1.1 400 "), told
    with app.app_context():
        uploads = list_imports(find_controller("okwind"))
    assert [(upload.state, upload.interrupted) for upload in uploads] == (
        [(ImportState.DISCARDED, True)] if "imports" in place else []
    )


def written_by(server: Gunicorn) -> list[Path]:
    """Return the files below the server's temporary folder that contain an address."""
    return [
        path
        for path in server.log.parent.rglob("*")
        if path.is_file() and b"@example.fr" in path.read_bytes()
    ]
