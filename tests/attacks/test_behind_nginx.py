"""A real nginx with the documented configuration waits for slow senders and logs no identifier."""

from __future__ import annotations

import json
import logging
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.api import Api
from tests.databases import BACKENDS, Database
from tests.e2e.gunicorn_server import gunicorn
from tests.launching import clean_environ, free_port, launched
from tests.programs import program

# At DEBUG, urllib3 would log each request into the log that is searched for leaks of the service.
logging.getLogger("urllib3").setLevel(logging.WARNING)

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "nginx.conf"
MANY = 40
EMAIL = "ana.silva@example.com"
MAIN = """
user root;
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/main.log;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/other.log;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/example.conf;
}}
"""


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return the newest PostgreSQL, as in production."""
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "nginx"
    made.mkdir()
    return made


@pytest.fixture
def proxy(database: Database, api: Api, tmp_path: Path, folder: Path) -> Iterator[str]:
    """Yield the URL of an nginx with the documented configuration in front of a gunicorn."""
    nginx = program("nginx-light", "nginx", "/usr/sbin/nginx")
    api.seen.add(EMAIL)
    port = free_port()
    with gunicorn(database, tmp_path, TRUSTED_PROXIES="1") as server:
        (folder / "example.conf").write_text(example(folder, port, urlsplit(server.url).netloc))
        (folder / "main.conf").write_text(MAIN.format(folder=folder))
        words = [nginx, "-e", str(folder / "main.log"), "-c", str(folder / "main.conf")]
        with launched(words, folder / "said.log", environ=clean_environ()) as started:
            url = f"http://127.0.0.1:{port}"
            started.wait_until_serving(f"{url}/livez")
            for temporary in ("bodies", "answers"):
                shutil.rmtree(folder / temporary)  # so that nginx fails if it writes a body there
            yield url


def test_only_files_are_passed_on_while_they_come() -> None:
    """All other requests are buffered, so a slow sender of a small body holds no worker."""
    before, *locations = EXAMPLE.read_text().split("    location ")
    assert "proxy_request_buffering" not in before
    streamed = [text for text in locations if "proxy_request_buffering off" in text]
    assert [text.partition(" {")[0] for text in streamed] == [
        "~ ^(?:/v1/(?:scrubs|imports|links/file)|/console/[a-z0-9-]+/imports)$"
    ]


def test_slow_senders_wait_at_nginx(proxy: str, api: Api) -> None:
    heads = (
        b"POST /v1/checks/batch HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n{",
        b"POST /stop/okwind HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n\r\nwhat=e",
        b"GET /livez HTTP/1.1\r\nHost:",
    )
    with ExitStack() as held:
        for number in range(MANY):
            held.enter_context(connected(proxy)).sendall(heads[number % len(heads)])
        began = time.monotonic()
        body = {"channel": "email", "identifier": EMAIL}
        assert sent_through(proxy, api, "/v1/checks", json=body).json()["decision"] == "allow"
        assert time.monotonic() - began < 5


def test_bodies_and_files_pass_and_touch_no_disk(proxy: str, api: Api) -> None:
    rows = b"email,note\n" + b"a@b.fr,%s\n" % (b"n" * 1000) * 12_000
    scrub = sent_through(proxy, api, "/v1/scrubs?channel=email", data=rows)
    assert (scrub.status_code, scrub.json()["rows"]) == (201, 12_000)
    items = [{"channel": "email", "identifier": "x" * 800}] * 9_000
    batch = sent_through(proxy, api, "/v1/checks/batch", json={"items": items})
    assert (batch.status_code, len(batch.json()["results"])) == (200, 9_000)
    links = sent_through(proxy, api, "/v1/links/file", data=b"email\n" + b"a@b.fr\n" * 20_000)
    assert json.loads(links.text.splitlines()[-1])["rows"] == 20_000


def test_who_sends_a_large_file_with_a_wrong_key_reads_the_answer(proxy: str) -> None:
    head = b"POST /v1/scrubs?channel=email HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer wrong\r\n"
    with connected(proxy) as connection:
        connection.sendall(head + b"Content-Length: 20000000\r\n\r\n" + b"x" * 20_000_000)
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")


def test_a_click_passes_and_no_log_holds_its_token(proxy: str, api: Api, folder: Path) -> None:
    url = api.post("/v1/links", {"identifier": EMAIL}).get_json()["url"]
    path = urlsplit(str(url)).path
    for query in ("", "?lang=fr"):
        click = requests.post(
            f"{proxy}{path}{query}", data={"List-Unsubscribe": "One-Click"}, timeout=20
        )
        assert click.status_code == 200
    logged = "".join(file.read_text() for file in folder.glob("*.log"))
    assert "POST /u/- 200" in logged
    assert path.removeprefix("/u/") not in logged


def example(folder: Path, port: int, service: str) -> str:
    """Return the documented configuration without TLS, with the ports and folders of this test."""
    text = EXAMPLE.read_text()
    text = re.sub(r"^ *ssl_.*\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = text.replace("127.0.0.1:8000", service)
    return text.replace("/var/log/nginx", str(folder))


def connected(url: str) -> socket.socket:
    """Return a TCP connection to nginx."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), 30)


def sent_through(
    proxy: str, api: Api, path: str, *, json: object = None, data: bytes | None = None
) -> requests.Response:
    """Post a request with the API key through nginx and return the response."""
    headers = {"Authorization": f"Bearer {api.key}"}
    return requests.post(proxy + path, json=json, data=data, headers=headers, timeout=90)
