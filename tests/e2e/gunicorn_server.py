"""The service under a real gunicorn, with its own gunicorn.conf.py, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.databases import Database
from tests.keys import CASE_KEYS_TEXT, MASTER_KEYS_TEXT, SIGNING_KEYS_TEXT

PROJECT = Path(__file__).parents[2]
_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Gunicorn:
    """A running gunicorn."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def workers(self) -> set[int]:
        """The processes of its workers, by the log line that each begins with."""
        lines = self.log.read_text().splitlines()
        return {
            int(line.rpartition("pid: ")[2].split('"')[0]) for line in lines if "Booting" in line
        }

    def reload(self) -> None:
        """HUP, until only new workers answer."""
        before = self.workers()
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(self.workers() - before) >= len(before))
        wait_until(lambda: not any(_runs(pid) for pid in before))

    def end(self) -> int:
        """TERM, and its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_PATIENCE)


@contextmanager
def gunicorn(database: Database, folder: Path, **environ: str) -> Iterator[Gunicorn]:
    """A gunicorn on a database; its temporary files stand in `folder`."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = folder / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"],
            cwd=PROJECT,
            env=environment(database, folder) | environ,
            stderr=written,
        )
        server = Gunicorn(process, f"http://127.0.0.1:{port}", log)
        try:
            wait_until(lambda: _answers(server))
            yield server
        finally:
            if process.poll() is None:
                server.end()


def environment(database: Database, folder: Path) -> dict[str, str]:
    """The environment of any process of the service on this database."""
    return {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(folder),
        "DATABASE_URL": database.url.replace("+psycopg2", ""),
        "MASTER_KEYS": MASTER_KEYS_TEXT,
        "SIGNING_KEYS": SIGNING_KEYS_TEXT,
        "CASE_KEYS": CASE_KEYS_TEXT,
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "ALLOW_HTTP": "1",
        "WEB_CONCURRENCY": "2",
        "no_proxy": "127.0.0.1",
    }


def wait_until(what: Callable[[], bool], seconds: float = _PATIENCE) -> None:
    """Wait until it is true; AssertionError if it does not become so."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def _answers(server: Gunicorn) -> bool:
    assert server.process.poll() is None, server.log.read_text()
    try:
        return requests.get(f"{server.url}/livez", timeout=5).ok
    except requests.ConnectionError:
        return False


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
