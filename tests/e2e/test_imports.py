"""A long import is applied completely although a worker is killed; two others share the rest."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import requests
from flask import Flask

from tests.databases import Database
from tests.e2e.conftest import Serve
from tests.e2e.gunicorn_server import environment
from tests.e2e.tables import in_force, replayed
from tests.importing import Imports, ledger, listed, staged_rows
from tests.launching import Launched, eventually, free_port, launched
from tests.leaks import leaks
from tests.length import length

ROWS = length(6_000, long=100_000)
BROKEN_EVERY = 100
HEADER = "email,phone,channels,topics,reason,occurred_at,until\n"
BROKEN = [
    '"{email},{phone},,,,,\n',
    "{email},{phone},,,,,,one cell too many\n",
    "nobody-{number},{phone},,,,,\n",
    ",,,,,,\n".replace(",,", ",,all", 1),
    "{email},{phone},pigeon,,,,\n",
    "{email},{phone},,lottery,,,\n",
    "{email},{phone},,,,31/02/2024,\n",
    "{email},{phone},,,,2099-01-01,\n",
    "{email},{phone},,,,2024-05-02,2024-05-01\n",
    "{email},,sms,,,,\n",
]
REASONS = [
    ("", "row_broken"),
    ("", "row_broken"),
    ("email", "identifier_unreadable"),
    ("", "identifier_missing"),
    ("channels", "channels_unknown"),
    ("topics", "topic_unknown"),
    ("occurred_at", "date_impossible"),
    ("occurred_at", "date_ahead"),
    ("until", "end_impossible"),
    ("phone", "identifier_missing"),
]


def test_a_killed_worker_changes_nothing_and_two_share_the_rest(
    imports: Imports, app: Flask, database: Database, serve: Serve, key: str, tmp_path: Path
) -> None:
    calls = Calls(serve().url, key)
    staged = calls.upload(file_with_broken_rows())
    good = ROWS - ROWS // BROKEN_EVERY
    assert {name: staged[name] for name in ("rows", "new", "known", "invalid", "stops")} == {
        "rows": ROWS,
        "new": good,
        "known": 0,
        "invalid": ROWS // BROKEN_EVERY,
        "stops": 3 * good,
    }
    import_ = imports.load(str(staged["import_id"]))
    faults = Counter((fault.column, fault.reason) for fault in imports.faults(import_))
    assert faults == Counter(REASONS * (ROWS // BROKEN_EVERY // len(REASONS)))

    log = tmp_path / "worker.log"
    assert calls.post(f"{import_.import_id}/apply").status_code == 202
    with worker(database, log) as first:
        assert eventually(lambda: imports.load(import_.import_id).counts.applied > 0, 60)
        first.kill()
    assert 0 < imports.load(import_.import_id).counts.applied < 3 * good
    with worker(database, log), worker(database, log):
        assert eventually(lambda: calls.show(import_.import_id)["state"] == "applied", 100)
        assert eventually(lambda: staged_rows(app) == 0, 30)

    assert calls.show(import_.import_id)["applied"] == 3 * good
    assert len(listed(app, import_.import_id)) == len(ledger(app, import_.import_id)) == 3 * good
    assert len({entry.record_id for entry in ledger(app, import_.import_id)}) == 3 * good
    assert replayed(app) == in_force(app)
    assert not leaks(log.read_text(), {email(2), phone(2)})


class Calls:
    """A client of the API of imports, by `requests`."""

    def __init__(self, address: str, key: str) -> None:
        self.address = f"{address}/v1/imports"
        self.headers = {"Authorization": f"Bearer {key}"}

    def upload(self, lines: Iterator[bytes]) -> dict[str, object]:
        """Upload a file in chunks, without a Content-Length; return the staged import."""
        answer = requests.post(self.address, data=lines, headers=self.headers, timeout=100)
        assert answer.status_code == 201, answer.text
        staged: dict[str, object] = answer.json()
        return staged

    def show(self, import_id: str) -> dict[str, object]:
        """Return an import in its present state."""
        answer = requests.get(f"{self.address}/{import_id}", headers=self.headers, timeout=10)
        shown: dict[str, object] = answer.json()
        return shown

    def post(self, path: str) -> requests.Response:
        """Send an action on an import, as `ID/apply`; return the response."""
        return requests.post(f"{self.address}/{path}", headers=self.headers, timeout=10)


def file_with_broken_rows() -> Iterator[bytes]:
    """Yield a file in parts; one row in a hundred is broken, in ten ways in turn."""
    yield HEADER.encode()
    lines: list[str] = []
    for number in range(ROWS):
        way, broken = divmod(number, BROKEN_EVERY)
        line = BROKEN[way % len(BROKEN)] if broken == 1 else "{email},{phone},,,désabonné,,\n"
        lines.append(line.format(email=email(number), phone=phone(number), number=number))
        if number % 1000 == 999:
            yield "".join(lines).encode()
            lines.clear()


def email(number: int) -> str:
    return f"person-{number}@example.fr"


def phone(number: int) -> str:
    return f"06{12_000_000 + number}"


def worker(database: Database, log: Path) -> AbstractContextManager[Launched]:
    """Return a context that runs `flask worker` in a process of its own."""
    nowhere = {"PUBLIC_URL": f"http://127.0.0.1:{free_port()}"}
    settings = environment(database, log.parent) | nowhere
    return launched([sys.executable, "-m", "flask", "worker"], log, environ=settings)


@pytest.fixture
def imports(app: Flask, key: str, seen: set[str]) -> Imports:
    assert key
    seen.update({email(2), phone(2), email(201)})
    return Imports(app)
