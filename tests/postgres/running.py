"""Servers that we start: each has a supervisor that ends it when we do."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests.postgres.cluster import LOG, SUPERUSER
from tests.postgres.installations import Installation
from tests.postgres.servers import Server

PROJECT: Final = Path(__file__).parents[2]
CLOSE_LIMIT: Final = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pids:
    """The processes of a server; `postgres` is 0 while it is stopped."""

    supervisor: int
    postgres: int


class RunningServer:
    """A server of our own, to use, to break and to start again."""

    def __init__(self, installation: Installation, *, durable: bool) -> None:
        command = [sys.executable, "-m", "tests.postgres.supervisor"]
        self._supervisor = subprocess.Popen(
            [*command, installation.programs, "on" if durable else "off"],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._installation = installation
        self._pid = 0
        self._directory = Path()

    @property
    def directory(self) -> Path:
        """All that the server has on disk: data, socket, log."""
        return self._directory

    @property
    def pids(self) -> Pids:
        """The supervisor's process and the server's main one."""
        return Pids(supervisor=self._supervisor.pid, postgres=self._pid)

    @property
    def server(self) -> Server:
        """Where it answers; the same after `stop` and `start`."""
        return server_in(self._directory, self._installation)

    def stop(self, mode: Literal["fast", "immediate"] = "immediate") -> None:
        """As `pg_ctl stop -m MODE`: immediate is a crash that recovers at the next start."""
        self._tell(f"stop {mode}")

    def start(self) -> None:
        """Start again after `stop`, and wait until it answers."""
        self._tell("start")

    def wait_until_ready(self) -> None:
        """Read the supervisor's answer. Raises RuntimeError with what went wrong."""
        assert self._supervisor.stdout is not None
        line = self._supervisor.stdout.readline()
        if not line.startswith('{"pid"'):
            rest, _ = self._supervisor.communicate()
            raise RuntimeError(f"{self._installation.name}: {line}{rest}")
        answer = json.loads(line)
        self._pid, self._directory = answer["pid"], Path(answer["directory"])

    def close(self) -> None:
        """End it for good and wait until nothing is left."""
        assert self._supervisor.stdin is not None
        assert self._supervisor.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # it ended before us
            self._supervisor.stdin.close()
        self._supervisor.wait(CLOSE_LIMIT)
        self._supervisor.stdout.close()

    def _tell(self, command: str) -> None:
        assert self._supervisor.stdin is not None
        self._supervisor.stdin.write(f"{command}\n")
        self._supervisor.stdin.flush()
        self.wait_until_ready()


def server_in(directory: Path, installation: Installation) -> Server:
    """The server that a supervisor made in that directory."""
    return Server(
        name=installation.name,
        url=f"postgresql://{SUPERUSER}@/postgres?host={directory}",
        programs=installation.programs,
        log=directory / LOG,
    )


@contextlib.contextmanager
def running_server(installation: Installation, *, durable: bool = True) -> Iterator[RunningServer]:
    """A private server for one test, which may stop, crash and start it."""
    running = RunningServer(installation, durable=durable)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.close()
