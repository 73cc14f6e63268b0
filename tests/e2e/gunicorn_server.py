"""The service under a real gunicorn, with its own gunicorn.conf.py, on a free port."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.databases import Database
from tests.keys import CASE_KEYS_TEXT, MASTER_KEYS_TEXT, SIGNING_KEYS_TEXT
from tests.launching import Launched, free_port, launched

PUBLIC_URL = "https://stop.example.com"
_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Gunicorn(Launched):
    """A running gunicorn and its URL."""

    url: str

    def workers(self) -> set[int]:
        """Return the process ids of all workers that were started, read from the log."""
        return {
            int(line.rpartition("pid: ")[2].split('"')[0])
            for line in self.said().splitlines()
            if "Booting" in line
        }

    def connect(self) -> socket.socket:
        """Return a new TCP connection to the server."""
        parts = urlsplit(self.url)
        return socket.create_connection((parts.hostname or "", parts.port or 0), _PATIENCE)

    def answer_to(self, request: bytes) -> bytes:
        """Send bytes and return all that comes back, b"" if they are less than a request."""
        with self.connect() as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            try:
                return b"".join(iter(lambda: connection.recv(65_536), b""))
            except ConnectionResetError:
                return b""

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send the bytes of a request; return the status and the whole answer."""
        answer = self.answer_to(request)
        return int(answer.split(b" ", 2)[1]), answer


@contextmanager
def gunicorn(database: Database, folder: Path, **environ: str) -> Iterator[Gunicorn]:
    """Serve a database with gunicorn during the block; log and temporary files are in `folder`."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    settings = environment(database, folder) | environ
    with launched(command, folder / "log", environ=settings) as started:
        server = Gunicorn(started.process, started.log, f"http://127.0.0.1:{port}")
        server.wait_until_serving(f"{server.url}/readyz")
        yield server


def link_server(
    database: Database, folder: Path, **environ: str
) -> AbstractContextManager[Gunicorn]:
    """Serve a database with the public URL PUBLIC_URL and one worker that logs at DEBUG."""
    talkative = {"PUBLIC_URL": PUBLIC_URL, "WEB_CONCURRENCY": "1", "LOG_LEVEL": "DEBUG"}
    return gunicorn(database, folder, **talkative | environ)


def environment(database: Database, folder: Path) -> dict[str, str]:
    """Return the environment of any process of the service on this database."""
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
