"""A one-click over a real connection stops with any headers, and no log contains its token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api import Api
from tests.databases import Database
from tests.e2e.gunicorn_server import Gunicorn, link_server
from tests.leaks import leaks
from tests.length import chosen

PROXIES = chosen(["0", "1"], short="1")
BODY = b"List-Unsubscribe=One-Click"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
LENGTH = b"Content-Length: 26\r\n"
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
)
PROXIED = (
    b"X-Forwarded-For: 203.0.113.7, 198.51.100.2\r\nX-Forwarded-Proto: https\r\n"
    b"X-Forwarded-Ssl: off\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=203.0.113.7\r\n"
    b"X-Forwarded-Prefix: /elsewhere\r\n"
)


@dataclass(frozen=True, slots=True)
class Click:
    """The bytes of a POST, without its path."""

    headers: bytes = FORM + LENGTH
    body: bytes = BODY
    version: bytes = b"1.1"

    def to(self, path: str) -> bytes:
        """Return the bytes of the POST to a path."""
        line = b"POST " + path.encode() + b" HTTP/" + self.version + b"\r\n"
        host = b"Host: stop.example.com\r\nConnection: close\r\n" if self.version == b"1.1" else b""
        return line + host + self.headers + b"\r\n" + self.body


CLICKS = {
    "bare": Click(),
    "HTTP/1.0 without a Host": Click(version=b"1.0"),
    "with a wrong Origin": Click(
        b"Origin: https://evil.example\r\nReferer: https://evil.example/x\r\n"
        b"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n" + FORM + LENGTH
    ),
    "with cookies": Click(b"Cookie: session=x; csrf=y; lang=de\r\n" + FORM + LENGTH),
    "with a strange Authorization": Click(b"Authorization: Basic eDp5\r\n" + FORM + LENGTH),
    "with everything a browser sends": Click(
        b"User-Agent: Mozilla/5.0\r\nAccept: text/html\r\nAccept-Language: de, fr;q=0.1\r\n"
        b"Accept-Encoding: gzip, br\r\n" + FORM + LENGTH
    ),
    "by proxies": Click(PROXIED + FORM + LENGTH),
    "by a proxy that says nonsense": Click(
        b"X-Forwarded-For: ,,;\r\nX-Forwarded-Proto: gopher\r\n" + FORM + LENGTH
    ),
    "with a charset": Click(FORM.rstrip() + b"; charset=UTF-8\r\n" + LENGTH),
    "in chunks": Click(
        FORM + b"Transfer-Encoding: chunked\r\n", b"1a\r\n" + BODY + b"\r\n0\r\n\r\n"
    ),
    "multipart": Click(
        b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n" % len(MULTIPART),
        MULTIPART,
    ),
}
# Requests that never reach the application, each with a token in it.
BROKEN = (
    b"GET %b\r\n\r\n",
    b"GET %b HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET %b HTTP/1.1\r\nHost: x\r\nNo colon %b\r\n\r\n",
    b"GET %b HTTP/1.1\r\nHost: x\r\nX-%b%b\x00: 1\r\n\r\n",
    b"GET %b HTTP/1.1\r\nHost: x\r\n folded %b\r\n\r\n",
    b"GET %b HTTP/1.1\r\nHost: x\r\nExpect: %b\r\n\r\n",
    b"POST %b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: %b\r\n\r\n",
    b"POST %b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%b\r\n",
    b"GET %b",
)


@pytest.mark.parametrize("trusted", PROXIES)
def test_every_click_stops(database: Database, api: Api, tmp_path: Path, trusted: str) -> None:
    with link_server(database, tmp_path, TRUSTED_PROXIES=trusted) as server:
        for number, (name, click) in enumerate(CLICKS.items()):
            person = f"person{number}@example.fr"
            status, answer = server.exchange(click.to(path_for(api, person)))
            assert (name, status) == (name, 200), answer
            assert b"\r\nlocation:" not in answer.lower()
            assert b"\r\nset-cookie:" not in answer.lower()
            assert api.decision("email", person) == "deny", name


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("trusted", PROXIES)
def test_the_button_goes_on_to_its_page_behind_any_proxy(
    database: Database, api: Api, tmp_path: Path, trusted: str
) -> None:
    headers = PROXIED + FORM + b"Content-Length: 9\r\n"
    with link_server(database, tmp_path, TRUSTED_PROXIES=trusted) as server:
        path = path_for(api, "jean.dupont@example.fr")
        status, answer = server.exchange(Click(headers, b"confirm=1").to(path + "?lang=fr"))
    assert status == 303
    assert re.search(rb"\r\nLocation: \.\./r/[\w-]{22}\?lang=fr\r\n", answer)


def test_no_token_stands_in_the_log_at_its_most_talkative(talk: tuple[Gunicorn, str]) -> None:
    server, path = talk
    log = server.said()
    assert '"route": "/u/<token>"' in log
    assert "request refused" in log
    assert not leaks(log, [path.removeprefix("/u/"), "203.0.113.7"])


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def talk(database: Database, api: Api, tmp_path: Path) -> tuple[Gunicorn, str]:
    """Send good and broken requests to a server; return it, and the path in all of them."""
    with link_server(database, tmp_path) as server:
        path = path_for(api, "jean.dupont@example.fr")
        for click in CLICKS.values():
            server.exchange(click.to(path))
            server.exchange(click.to(f"/elsewhere{path}?token={path}"))
            server.exchange(click.to(path).replace(b"POST", b"GET", 1))
        server.exchange(Click(FORM + b"Content-Length: 20000\r\n", b"x" * 20_000).to(path))
        for broken in BROKEN:
            server.answer_to(broken.replace(b"%b", path.encode()))
    return server, path


def path_for(api: Api, person: str) -> str:
    """Make a link and return its path."""
    url = api.post("/v1/links", {"identifier": person}).get_json()["url"]
    return "/u/" + str(url).rpartition("/")[2]
