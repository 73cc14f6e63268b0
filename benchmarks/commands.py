"""Run commands of the service as an operator does, and measure their time and memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.lists import SLUG
from benchmarks.serving import surroundings
from tests.launching import PROJECT, launched

_LOOK_EVERY = 0.02
_LONGEST = 3600


class NotBuiltError(Exception):
    """The service does not have the command that was to be measured."""


class CommandFailedError(Exception):
    """A command failed or gave a wrong result; the text says what happened."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """The cost of a command: its seconds, and the peak memory of it and its children in MB."""

    seconds: float
    memory: float


def scrub(source: Path, target: Path) -> list[str]:
    """Return the `flask` arguments that write a copy of `source` with decisions to `target`."""
    return ["scrub", SLUG, str(source), "--channel", "email", "--output", str(target)]


def links(source: Path, target: Path) -> list[str]:
    """Return the `flask` arguments that write a copy of `source` with links to `target`."""
    return ["links", SLUG, str(source), "--output", str(target)]


def import_list(source: Path) -> list[str]:
    """Return the `flask` arguments that stage and apply a file of people who said stop."""
    return ["import", SLUG, str(source), "--channels", "email", "--apply"]


def run_flask(arguments: Sequence[str], environ: Mapping[str, str]) -> Ran:
    """Run a command of the service to its end and return its time and memory.

    Raises NotBuiltError if the service has no such command, CommandFailedError if the command fails
    or runs for more than an hour.
    """
    command = [sys.executable, "-m", "flask"]
    if _run([*command, arguments[0], "--help"], environ).returncode:
        raise NotBuiltError(f"`flask {arguments[0]}` is not built")
    return watched([*command, *arguments], environ)


def watched(command: Sequence[str], environ: Mapping[str, str]) -> Ran:
    """Run any program to its end and return its time and memory.

    `environ` must name a TMPDIR for its log. Raises CommandFailedError if the program fails or runs
    for more than an hour.
    """
    log = Path(environ["TMPDIR"]) / "command.log"
    begun = time.perf_counter()
    memory = 0.0
    with launched(command, log, environ=surroundings() | dict(environ)) as started:
        while started.process.poll() is None:
            memory = max(memory, _resident(started.process.pid))
            if time.perf_counter() - begun > _LONGEST:
                raise CommandFailedError(f"not done after {_LONGEST} seconds")
            time.sleep(_LOOK_EVERY)
        seconds = time.perf_counter() - begun
    if status := started.process.returncode:
        said = started.said().strip().splitlines() or ["nothing"]
        raise CommandFailedError(f"exit status {status}: {said[-1][:200]}")
    return Ran(seconds=seconds, memory=memory)


def _resident(pid: int) -> float:
    """Return the peak memory of a process and all its descendants in MB; 0.0 if it has ended.

    Memory that they share is counted once for each.
    """
    folder = Path("/proc") / str(pid)
    try:
        status = (folder / "status").read_text()
        children = (folder / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return 0.0  # it ended just now
    lines = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return sum(map(int, lines)) * 1.024 / 1000 + sum(_resident(int(child)) for child in children)


def _run(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    env = surroundings() | dict(environ)
    return subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, check=False)
