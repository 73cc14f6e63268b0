"""Start the servers under test, each with one worker: gunicorn by our settings, or uvicorn."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.launching import PROJECT, NotStartedError, free_port, launched, path_with_programs

OURS = "app:app"
FLOOR = "benchmarks.peers.bare_flask:app"
NAIVE = "benchmarks.peers.naive:app"
FASTAPI = "benchmarks.peers.fast_api:app"


@contextmanager
def serving(application: str, environ: Mapping[str, str]) -> Iterator[int]:
    """Start an application with one worker, yield its port, and kill it at the end.

    Flask runs under gunicorn.conf.py (a gthread worker with 8 threads), FastAPI under uvicorn.
    Raises NotStartedError if it does not answer.
    """
    port = free_port()
    if application == FASTAPI:
        command = [sys.executable, "-m", "uvicorn", application, "--port", str(port)]
        command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log"]
    else:
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    log = Path(environ["TMPDIR"]) / f"server-{port}.log"
    settings = surroundings() | dict(environ) | {"PORT": str(port)}
    with launched(command, log, environ=settings) as started:
        try:
            started.wait_until_serving(f"http://127.0.0.1:{port}/readyz")
        except NotStartedError as error:
            raise NotStartedError(_told(str(error))) from None
        yield port
        started.kill()  # nobody asks any more


def surroundings() -> dict[str, str]:
    """Return the environment that a process of the service needs to start, without any setting."""
    return {"PATH": path_with_programs(), "PYTHONPATH": str(PROJECT), "LANG": "C.UTF-8"}


def _told(log: str) -> str:
    """Return the last line of a log that names an error; if none does, the last line."""
    lines = [line for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[A-Za-z.]*Error: |Cannot start", line)]
    return (errors or lines or ["it did not answer"])[-1]


def installed(module: str) -> bool:
    """Return whether a peer's module can be imported."""
    return importlib.util.find_spec(module) is not None
