"""Start programs as processes, wait until they serve, read their logs, and end them.

Each program leads a process group, so everything that it started ends with it. Only PostgreSQL is
started elsewhere (tests/postgres), under an account of its own.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).parents[1]
START_LIMIT = 60.0
STOP_LIMIT = 30.0
SETTINGS = {
    *("DATABASE_URL", "PUBLIC_URL", "ALLOW_HTTP", "PORT", "WEB_CONCURRENCY"),
    *("MASTER_KEYS", "SIGNING_KEYS", "CASE_KEYS"),
    *("MASTER_KEYS_FILE", "SIGNING_KEYS_FILE", "CASE_KEYS_FILE"),
}
# These are below the ports that the kernel gives to outgoing connections, which would be in use.
_PORTS = range(12_000, 32_000)
Command = Sequence[str | Path]


class NotStartedError(Exception):
    """A program ended or timed out before an awaited condition held; the text is its log."""


@dataclass(frozen=True, slots=True)
class Launched:
    """A program that was started, and the file that it writes to."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """Return the text of the program's log."""
        return self.log.read_text(errors="replace")

    def wait_for(self, condition: Callable[[], bool], limit: float = START_LIMIT) -> None:
        """Wait until the condition holds.

        Raises NotStartedError if the program ends or `limit` seconds pass.
        """

        def holds() -> bool:
            if self.process.poll() is not None:
                raise NotStartedError(self.said())
            return condition()

        if not eventually(holds, limit):
            raise NotStartedError(self.said())

    def wait_until_serving(self, url: str) -> None:
        """Wait until a GET of `url` is answered by something other than a 5xx.

        Raises NotStartedError if the program ends or START_LIMIT seconds pass.
        """
        self.wait_for(lambda: answers(url))

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program and to all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """Kill the program and all that it started at once (KILL), and wait for the program."""
        self.send(signal.SIGKILL)
        self.process.wait(STOP_LIMIT)

    def end(self) -> int:
        """Ask the program to end (TERM), kill what is left (KILL); return its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_LIMIT)
        self.kill()
        return self.process.returncode


def launch(
    command: Command,
    log: Path,
    *,
    environ: Mapping[str, str],
    folder: Path = PROJECT,
    output: Path | None = None,
) -> Launched:
    """Start a program in `folder`; append its output to `log`, or standard output to `output`."""
    with log.open("ab") as errors, (output or log).open("ab") as written:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=errors,
            start_new_session=True,
        )
    return Launched(process, log)


@contextmanager
def launched(
    command: Command, log: Path, *, environ: Mapping[str, str], folder: Path = PROJECT
) -> Iterator[Launched]:
    """Start a program as `launch` does, yield it, and end it at the end of the block."""
    started = launch(command, log, environ=environ, folder=folder)
    try:
        yield started
    finally:
        started.end()


def answers(url: str) -> bool:
    """Return whether a GET of `url` is answered by something other than a 5xx."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """Return a port on which no process listens. Raises RuntimeError if a hundred ports are taken.

    Another process may take the port before the caller does.
    """
    for port in random.SystemRandom().sample(_PORTS, 100):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("0.0.0.0", port))  # noqa: S104 - where gunicorn will bind
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def clean_environ() -> dict[str, str]:
    """Return the environment of this process without the SETTINGS of the service."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS}


def path_with_programs() -> str:
    """Return a PATH on which the programs of this Python environment come first."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def eventually(condition: Callable[[], bool], limit: float = START_LIMIT) -> bool:
    """Wait for the condition; return whether it held within `limit` seconds."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
