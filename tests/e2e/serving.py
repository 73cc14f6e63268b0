"""A gunicorn of the service in a process of its own: started, asked, ended or killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.keys import CASE_KEYS_TEXT, SIGNING_KEYS_TEXT

PROJECT = Path(__file__).parents[2]
START_LIMIT = 30.0
STOP_LIMIT = 15.0
_OURS = (
    "DATABASE_URL",
    "MASTER_KEYS",
    "MASTER_KEYS_FILE",
    "SIGNING_KEYS",
    "SIGNING_KEYS_FILE",
    "CASE_KEYS",
    "CASE_KEYS_FILE",
    "PUBLIC_URL",
    "ALLOW_HTTP",
    "PORT",
    "WEB_CONCURRENCY",
)
# Below the ports that the kernel lends to outgoing connections: none of those can be in the way.
_PORTS = range(12_000, 32_000)


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def kill(self) -> None:
        """As `kill -9` of master and workers at once: nobody is asked, nothing is finished."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_LIMIT)


@contextmanager
def serving(database_url: str, master_keys: str, log: Path) -> Iterator[Serving]:
    """Serve this database with one worker, ready when this yields, gone when it ends."""
    port = free_port()
    settings = {
        "DATABASE_URL": database_url,
        "MASTER_KEYS": master_keys,
        "SIGNING_KEYS": SIGNING_KEYS_TEXT,
        "CASE_KEYS": CASE_KEYS_TEXT,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ALLOW_HTTP": "1",
        "PORT": str(port),
        "RATE_LIMIT_PER_KEY": "1000/second",  # limits have tests of their own
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=PROJECT,
            env=clean_environ() | settings | {"WEB_CONCURRENCY": "1", "LOG_LEVEL": "DEBUG"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Serving(process, f"http://127.0.0.1:{port}", log)
    try:
        wait_until_ready(running.address, process, log)
        yield running
    finally:
        end_group(process)


def wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a 200 of /readyz; AssertionError with the log if the process ends before."""

    def ready() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return requests.get(f"{address}/readyz", timeout=5).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False

    assert eventually(ready, START_LIMIT), log.read_text()


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group of its own, and the group: gently, then for certain."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_LIMIT)


def free_port() -> int:
    """A port on which nobody listens."""
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
    """Our environment without any setting of the service."""
    kept: Mapping[str, str] = os.environ
    return {name: value for name, value in kept.items() if name not in _OURS}


def eventually(condition: Callable[[], bool], limit: float) -> bool:
    """Whether the condition holds within `limit` seconds."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
