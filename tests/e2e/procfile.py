"""Run the Procfile as a platform does: by honcho, with settings only from the environment."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.launching import Launched, clean_environ, launch, path_with_programs

LIMIT = 60.0


@contextmanager
def honcho(process_type: str, settings: Mapping[str, str], log: Path) -> Iterator[Launched]:
    """Run `honcho start TYPE` until the block ends, with its and its process's output in `log`."""
    words = [sys.executable, "-m", "honcho", "--no-colour", "start", process_type]
    started = launch(words, log, environ=production(settings))
    try:
        yield started
    finally:
        _end(started)


def ended(process_type: str, settings: Mapping[str, str], log: Path) -> int:
    """Run a process of the Procfile, which must end by itself, and return its exit status."""
    with honcho(process_type, settings, log) as started:
        return started.process.wait(LIMIT)


def _end(started: Launched) -> None:
    """End the processes that honcho runs, each in its own session, so that honcho ends too.

    honcho itself gets no signal, because it prints a message at once and fails if it is printing.
    """
    process = started.process
    sessions = _sessions_below(process.pid) if process.poll() is None else set()
    for session in sessions:
        os.killpg(session, signal.SIGTERM)
    if not sessions:
        started.end()
    process.wait(LIMIT)


def _sessions_below(pid: int) -> set[int]:
    """Return the session ids of a process's descendants, without the process's own."""
    below, sessions = {pid}, set()
    for child, parent, session in sorted(_processes()):
        if parent in below:
            below.add(child)
            sessions.add(session)
    return sessions - {pid}


def _processes() -> Iterator[tuple[int, int, int]]:
    """Yield the id, the parent's id and the session's id of every process (proc(5))."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            _, parent, _, session, *_ = stat.read_text(errors="replace").rpartition(") ")[2].split()
            yield int(stat.parent.name), int(parent), int(session)


def production(settings: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with these settings of the service only, and our programs on PATH."""
    return clean_environ() | {"PATH": path_with_programs()} | dict(settings)
