"""A link from /v1/links survives a real SMTP server whole, and a click on it stops."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage, Message
from pathlib import Path

import listunsub
import pytest
import requests

from tests.api import Api
from tests.databases import Database
from tests.docs.programs import program, run_program
from tests.e2e.gunicorn_server import PUBLIC_URL, Gunicorn, link_server
from tests.e2e.smtp_server import Mailbox, smtp_server

PAGE = "docs/for-email.md"
RECIPIENT = "jeanne@example.net"  # in the page's example
LONGEST_WHOLE = 75  # what Python's policies leave alone
HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id")
Send = Callable[[], Message]


@pytest.mark.parametrize("form", ["urlencoded", "multipart"])
def test_the_link_of_a_received_message_stops_its_topic_and_nothing_else(
    send: Send, server: Gunicorn, api: Api, form: str
) -> None:
    url = link_in(send())
    assert api.decision("email", RECIPIENT, topic="newsletter") == "allow"
    assert one_click(server, url, form).status_code == 200
    assert api.decision("email", RECIPIENT, topic="newsletter") == "deny"
    assert api.decision("email", RECIPIENT, topic="offers") == "allow"
    assert api.decision("email", RECIPIENT, purpose="service") == "allow"
    assert api.decision(None, RECIPIENT, kind="email", purpose="profiling") == "allow"
    assert api.decision("sms", "+33612345678") == "allow"
    assert api.decision("email", "someone.else@example.net") == "allow"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_received_message_carries_the_headers_whole_and_once(send: Send) -> None:
    message = send()
    assert len(message["List-Unsubscribe"]) > LONGEST_WHOLE
    assert re.fullmatch(rf"<{PUBLIC_URL}/u/[\w.-]{{54}}>", message["List-Unsubscribe"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "Okwind <newsletter.okwind.stop.example.com>"
    assert [len(message.get_all(name, [])) for name in HEADERS] == [1, 1, 1]
    body = message.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert link_in(message) in body.decode()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_independent_checker_finds_nothing_wrong(send: Send) -> None:
    assert problems_of(send()) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_pages_own_checker_finds_nothing_wrong(send: Send, tmp_path: Path) -> None:
    message = send()
    message["DKIM-Signature"] = "v=1; h=From:List-Unsubscribe:List-Unsubscribe-Post; b=AAAA"
    file = tmp_path / "message.eml"
    file.write_bytes(message.as_bytes())
    lines = run_program(program(PAGE, "one DKIM signature covers both"), tmp_path, file)
    assert [line.split(": ")[1].split()[0] for line in lines] == ["True"] * 3


def test_pythons_own_policy_breaks_a_link_and_the_cure_keeps_it_whole() -> None:
    """Python's default e-mail policy folds a long header (docs/rules.md#e9)."""
    url = f"<{PUBLIC_URL}/u/{'A' * 54}>"
    cure = email.policy.SMTP.clone(max_line_length=998)
    assert written(url, email.policy.SMTP) != url
    assert written(url, cure) == url
    assert "invalid-list-unsubscribe" in problems_of(message_with(url, email.policy.SMTP))
    assert problems_of(message_with(url, cure)) == []


@pytest.fixture
def server(database: Database, tmp_path: Path) -> Iterator[Gunicorn]:
    with link_server(database, tmp_path) as running:
        yield running


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def send(server: Gunicorn, mailbox: Mailbox, api: Api, tmp_path: Path) -> Send:
    """Return a function that sends the message of docs/for-email.md and returns it as received."""
    api.seen.add(RECIPIENT)

    def sent() -> Message:
        run_program(
            program(PAGE, "class WholeLinkPolicy"),
            tmp_path,
            SERVICE=server.url,
            KEY=api.key,
            MAIL_SERVER=f"127.0.0.1:{mailbox.port}",
        )
        return received(mailbox.received[-1])

    return sent


def one_click(server: Gunicorn, url: str, form: str) -> requests.Response:
    """Send the one-click POST of a mail provider to the server, and return the response."""
    data, files = {"List-Unsubscribe": "One-Click"}, {"List-Unsubscribe": (None, "One-Click")}
    sent = {"data": data} if form == "urlencoded" else {"files": files}
    where = url.replace(PUBLIC_URL, server.url)
    answer = requests.post(where, **sent, allow_redirects=False, timeout=30)
    if form == "urlencoded":
        assert answer.request.headers["Content-Length"] == "26"
    return answer


def link_in(message: Message) -> str:
    """Return the URL in a message's List-Unsubscribe header."""
    return str(message["List-Unsubscribe"]).strip("<>")


def problems_of(message: Message) -> list[str]:
    """Return the codes of the problems that an independent library finds in the headers."""
    links, posts = (
        message.get_all(name, []) for name in ("List-Unsubscribe", "List-Unsubscribe-Post")
    )
    return [problem.code for problem in listunsub.audit(links, posts)]


def message_with(url: str, policy: email.policy.EmailPolicy[EmailMessage]) -> Message:
    """Return a message with this List-Unsubscribe, written by a policy, as received."""
    message = EmailMessage(policy=policy)
    message["List-Unsubscribe"] = url
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return received(message.as_bytes())


def written(url: str, policy: email.policy.EmailPolicy[EmailMessage]) -> str:
    """Return the value of List-Unsubscribe as a policy writes it."""
    return str(message_with(url, policy)["List-Unsubscribe"])


def received(raw: bytes) -> Message:
    """Return a message as a mail program reads it: folded lines joined, nothing decoded."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    for name, value in message.items():
        message.replace_header(name, " ".join(str(value).split()))
    return message
