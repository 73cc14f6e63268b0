"""Rehearse large files: two million rows, one in a hundred broken in ten ways, and 200 MB.

    ./test tests/guards && PYTHONPATH=. .venv/bin/python -m benchmarks.rehearsal [ROWS]

The rows are scrubbed and imported, by workers that are killed on the way. Then a file of 200 MB is
sent by requests and by curl, scrubbed and imported. The program ends with 1 at the first count that
is wrong. ./test does the same with 20,000 rows and 10 MB.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg2
import requests

from benchmarks.commands import scrub, watched
from benchmarks.ground import SLUG, Ground, List, ground, say
from benchmarks.serving import OURS, serving, surroundings
from benchmarks.sizes import TINY
from tests.broken_rows import contacts
from tests.e2e.test_imports import BROKEN, BROKEN_EVERY, HEADER, email, phone
from tests.launching import PROJECT, Launched, launched

_FLASK = [sys.executable, "-m", "flask"]
_KILLED_AT = (0.2, 0.5)
_GROWTH = 20.0
_MANY = 1_000_000
_UPLOAD = 200 << 20
_WIDE = 2000
_PATIENCE = 3600


class UnexpectedError(Exception):
    """A count is wrong, or the workers do not proceed."""


def rehearse(on: Ground, rows: int) -> None:
    """Rehearse a scrub and an import of `rows` rows, and uploads of 200 MB, each on a new list.

    Raises UnexpectedError at the first wrong count, CommandFailedError if a command fails.
    """
    with on.empty_list() as stop_list:
        _scrub(on, stop_list, rows)
    with on.empty_list() as stop_list:
        _import(on, stop_list, rows)
    with on.empty_list() as stop_list:
        _upload(on, stop_list)


def _scrub(on: Ground, stop_list: List, rows: int) -> None:
    """Scrub a tenth of the rows, then all; expect right decisions, and no growth of memory."""
    memory = []
    source, target = on.path("people.csv"), on.path("people.scrubbed.csv")
    for count in (rows // 10, rows):
        raw, expected = contacts(count, stopped="nobody-stopped@example.fr")
        source.write_bytes(raw)
        target.unlink(missing_ok=True)
        ran = watched([*_FLASK, *scrub(source, target)], on.environment(stop_list.url))
        with target.open(newline="") as lines:
            decisions = [row[3] for row in islice(csv.reader(lines, strict=True), 1, None)]
        wanted = ["unknown" if decision == "unknown" else "allow" for decision in expected.values()]
        _expect("every decision is as it must be", decisions == wanted, wanted=True)
        memory.append(ran.memory)
        say(f"scrubbed {count:,}: {count / ran.seconds:,.0f} rows/s, {ran.memory:.0f} MB")
    _expect_flat(memory, rows)


def _import(on: Ground, stop_list: List, rows: int) -> None:
    """Stage an import and apply it by workers that are killed on the way; expect each stop once.

    A tenth of the rows is staged first, and both files must take equal memory.
    """
    environ = on.environment(stop_list.url)
    broken = rows // BROKEN_EVERY
    good = rows - broken
    memory = []
    for count in (rows // 10, rows):
        source = _write_stops(on.path(f"stops-{count}.csv"), count)
        command = [*_FLASK, "import", SLUG, str(source), "--channels", "email", "--json"]
        begun = time.monotonic()
        ran = watched(["sh", "-c", '"$@" || [ $? = 1 ]', "sh", *command], environ)
        memory.append(ran.memory)
        seconds = time.monotonic() - begun
        say(f"staged {count:,}: {count / seconds:,.0f} rows/s, {ran.memory:.0f} MB")
    _expect_flat(memory, rows)
    staged = _imports(environ)[0]
    counts = {name: staged[name] for name in ("rows", "new", "known", "invalid", "stops")}
    wanted = {"rows": rows, "new": good, "known": 0, "invalid": broken, "stops": good}
    _expect("counts of the import", counts, wanted=wanted)
    _apply(on, stop_list, staged["import_id"], good)
    _expect("stops", _count(stop_list, "suppressions"), wanted=good + 1)
    _expect(
        "entries of stops",
        _count(stop_list, "ledger_entries WHERE record_id IS NOT NULL"),
        wanted=good + 1,
    )
    ledger = "(SELECT DISTINCT record_id FROM ledger_entries WHERE record_id IS NOT NULL) AS one"
    _expect("stops with an entry", _count(stop_list, ledger), wanted=good + 1)


def _apply(on: Ground, stop_list: List, import_id: str, good: int) -> None:
    with serving(OURS, on.environment(stop_list.url)) as port:
        headers = {"Authorization": f"Bearer {stop_list.key}"}
        where = f"http://127.0.0.1:{port}/v1/imports/{import_id}"
        _expect(
            "apply",
            requests.post(f"{where}/apply", headers=headers, timeout=60).status_code,
            wanted=202,
        )

        def applied() -> int:
            return int(requests.get(where, headers=headers, timeout=60).json()["applied"])

        begun = time.monotonic()
        for share in _KILLED_AT:
            with _worker(on, stop_list) as worker:
                _wait(lambda: applied() > share * good)  # noqa: B023 - done before the next round
                worker.kill()
            say(f"killed a worker at {applied():,} of {good:,} stops")
        with _worker(on, stop_list):
            _wait(lambda: applied() == good)
        say(f"applied {good:,} stops: {good / (time.monotonic() - begun):,.0f} a second")


def _upload(on: Ground, stop_list: List) -> None:
    """Send 200 MB to scrub and to import, by two clients; expect no address in any file left."""
    source = on.path("wide.csv")
    rows = _write_wide(source)
    with serving(OURS, on.environment(stop_list.url)) as port:
        for path in ("/v1/scrubs?channel=email", "/v1/imports?channels=email"):
            url = f"http://127.0.0.1:{port}{path}"
            for client in (_by_requests, _by_curl):
                begun = time.monotonic()
                answer = client(url, stop_list.key, source)
                _expect("rows that were read", answer.get("rows"), wanted=rows)
                say(f"{client.__name__[4:]} {path}: {time.monotonic() - begun:.0f} s")
    source.unlink()
    left = [
        file for file in on.folder.iterdir() if file.is_file() and b"wide-7@" in file.read_bytes()
    ]
    _expect("files with an address", left, wanted=[])


def _by_requests(url: str, key: str, source: Path) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"}
    with source.open("rb") as body:
        answer = requests.post(url, data=body, headers=headers, timeout=_PATIENCE)
    answer_body: dict[str, Any] = answer.json()
    return answer_body


def _by_curl(url: str, key: str, source: Path) -> dict[str, Any]:
    words = ["curl", "-sS", "-X", "POST", "-T", str(source), "-H", f"Authorization: Bearer {key}"]
    ended = subprocess.run([*words, url], capture_output=True, timeout=_PATIENCE, check=True)
    answer_body: dict[str, Any] = json.loads(ended.stdout)
    return answer_body


def _write_stops(path: Path, rows: int) -> Path:
    """Write a file of stops by e-mail; one row in a hundred is broken, in ten ways in turn."""
    with path.open("w") as file:
        file.write(HEADER)
        for number in range(rows):
            way, broken = divmod(number, BROKEN_EVERY)
            line = BROKEN[way % len(BROKEN)] if broken == 1 else "{email},,,,désabonné,,\n"
            file.write(line.format(email=email(number), phone=phone(number), number=number))
    return path


def _write_wide(path: Path) -> int:
    rows = _UPLOAD // _WIDE
    with path.open("w") as file:
        file.write("email,note\n")
        for number in range(rows):
            file.write(f"wide-{number}@example.fr,".ljust(_WIDE - 1, "x") + "\n")
    return rows


def _imports(environ: dict[str, str]) -> list[dict[str, Any]]:
    ended = subprocess.run(
        [*_FLASK, "imports", "list", SLUG, "--json"],
        cwd=PROJECT,
        env=surroundings() | environ,
        capture_output=True,
        check=True,
    )
    imports: list[dict[str, Any]] = json.loads(ended.stdout)
    return imports


def _worker(on: Ground, stop_list: List) -> AbstractContextManager[Launched]:
    settings = surroundings() | on.environment(stop_list.url)
    return launched([*_FLASK, "worker"], on.path("worker.log"), environ=settings)


def _wait(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not reached():
        if time.monotonic() > until:
            raise UnexpectedError("the workers do not get on")
        time.sleep(0.5)


def _count(stop_list: List, what: str) -> int:
    with closing(psycopg2.connect(stop_list.url)) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {what}")
        return int(next(iter(cursor))[0])


def _expect(what: str, actual: object, *, wanted: object) -> None:
    if actual != wanted:
        raise UnexpectedError(f"{what}: {actual} instead of {wanted}")


def _expect_flat(memory: list[float], rows: int) -> None:
    """Raise UnexpectedError if a file ten times as large takes over 20 MB more memory.

    This is skipped below a million rows, whose few batches do not show a trend.
    """
    if rows >= _MANY:
        _expect("memory is flat", memory[1] - memory[0] <= _GROWTH, wanted=True)


if __name__ == "__main__":
    with ground(TINY) as made:
        rehearse(made, int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
    say("all as it must be")
