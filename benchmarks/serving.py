"""The servers under test, each with one worker: gunicorn by our own settings, or uvicorn."""

from __future__ import annotations

import http.client
import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[1]
OURS = "app:app"
FLOOR = "benchmarks.peers.bare_flask:app"
NAIVE = "benchmarks.peers.naive:app"
FASTAPI = "benchmarks.peers.fast_api:app"
_PATIENCE = 30.0


class NotStartedError(Exception):
    """A server did not start; the text is why."""


@contextmanager
def serving(application: str, environ: Mapping[str, str]) -> Iterator[int]:
    """The port of an application, with one worker.

    Flask under gunicorn.conf.py: a gthread worker with 8 threads. FastAPI under uvicorn.
    """
    port = free_port()
    if application == FASTAPI:
        command = [sys.executable, "-m", "uvicorn", application, "--port", str(port)]
        command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log"]
    else:
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    with _process(command, environ, port):
        yield port


def free_port() -> int:
    """A port on which nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _process(command: list[str], environ: Mapping[str, str], port: int) -> Iterator[None]:
    log = Path(environ["TMPDIR"]) / f"server-{port}.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=surroundings() | dict(environ) | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, port, log)
        yield
    finally:
        _end(process)


def surroundings() -> dict[str, str]:
    """What a process of the service needs to start at all, none of our own settings."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "PYTHONPATH": str(PROJECT), "LANG": "C.UTF-8"}


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > until:
            raise NotStartedError(_said(log))
        time.sleep(0.05)


def _said(log: Path) -> str:
    """The last line that names an error, else the last of all."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[A-Za-z.]*Error: |Cannot start", line)]
    return (errors or lines or ["it did not answer"])[-1]


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """At once, workers and all: nobody asks any more, and what it wrote goes too."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def installed(module: str) -> bool:
    """Whether a peer's module can be imported here."""
    return importlib.util.find_spec(module) is not None
