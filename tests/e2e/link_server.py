"""A gunicorn of the service for recipients, in a process of its own, and raw HTTP to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.keys import CASE_KEYS_TEXT, MASTER_KEYS_TEXT, SIGNING_KEYS_TEXT

PROJECT = Path(__file__).parents[2]
PUBLIC_URL = "https://stop.example.com"
LIMIT = 30.0


@dataclass(frozen=True, slots=True)
class LinkServer:
    """A server that runs."""

    port: int
    log: Path

    @property
    def address(self) -> str:
        """Where it really answers; links begin with PUBLIC_URL."""
        return f"http://127.0.0.1:{self.port}"

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """The status and the whole answer to these very bytes, read until it ends."""
        answer = self.broken(request)
        return int(answer.split(b" ", 2)[1]), answer

    def broken(self, request: bytes) -> bytes:
        """Whatever comes back for these very bytes; nothing, for less than a request."""
        with socket.create_connection(("127.0.0.1", self.port), LIMIT) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            try:
                return b"".join(iter(lambda: connection.recv(65_536), b""))
            except ConnectionResetError:
                return b""


@contextmanager
def link_server(database_url: str, log: Path, **settings: str) -> Iterator[LinkServer]:
    """Serve this database. The socket is ours, so the first request waits until it is up."""
    environ = {name: value for name, value in os.environ.items() if name != "PORT"}
    environ |= {
        "DATABASE_URL": database_url,
        "MASTER_KEYS": MASTER_KEYS_TEXT,
        "SIGNING_KEYS": SIGNING_KEYS_TEXT,
        "CASE_KEYS": CASE_KEYS_TEXT,
        "PUBLIC_URL": PUBLIC_URL,
        "WEB_CONCURRENCY": "1",
        "LOG_LEVEL": "DEBUG",
    }
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("ab") as output:
        descriptor = listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"fd://{descriptor}"],
            cwd=PROJECT,
            env=environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[descriptor],
            start_new_session=True,
        )
        try:
            yield LinkServer(listener.getsockname()[1], log)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(LIMIT)
