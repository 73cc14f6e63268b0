"""Start PostgreSQL servers, each with a supervisor that stops it when this process ends."""

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
    """The process ids of a supervisor and its server; `postgres` is 0 while it is stopped."""

    supervisor: int
    postgres: int


class RunningServer:
    """A private server that a test may use, crash and start again."""

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
        """Return the directory of the server's data, socket and log."""
        return self._directory

    @property
    def pids(self) -> Pids:
        """Return the process ids of the supervisor and of the server's main process."""
        return Pids(supervisor=self._supervisor.pid, postgres=self._pid)

    @property
    def server(self) -> Server:
        """Return the Server to connect to, which `stop` and `start` do not change."""
        return server_in(self._directory, self._installation)

    def stop(self, mode: Literal["fast", "immediate"] = "immediate") -> None:
        """Stop as `pg_ctl stop -m MODE`; `immediate` is a crash that the next start recovers."""
        self._tell(f"stop {mode}")

    def start(self) -> None:
        """Start again after `stop`, and wait until it answers."""
        self._tell("start")

    def wait_until_ready(self) -> None:
        """Wait for the supervisor's answer. Raises RuntimeError with its output if it failed."""
        assert self._supervisor.stdout is not None
        line = self._supervisor.stdout.readline()
        if not line.startswith('{"pid"'):
            rest, _ = self._supervisor.communicate()
            raise RuntimeError(f"{self._installation.name}: {line}{rest}")
        answer = json.loads(line)
        self._pid, self._directory = answer["pid"], Path(answer["directory"])

    def close(self) -> None:
        """Stop the server and its supervisor, and wait until its directory is removed."""
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
    """Return the Server that a supervisor made in a directory."""
    return Server(
        name=installation.name,
        url=f"postgresql://{SUPERUSER}@/postgres?host={directory}",
        programs=installation.programs,
        log=directory / LOG,
    )


@contextlib.contextmanager
def running_server(installation: Installation, *, durable: bool = True) -> Iterator[RunningServer]:
    """Run a private server during the block; the test may stop, crash and start it.

    With `durable=False` commits do not survive a crash.
    """
    running = RunningServer(installation, durable=durable)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.close()
