"""The Procfile as a platform runs it: by honcho, with settings from the environment alone."""

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
    """Run `honcho start TYPE` until the block ends, its output and its process's in the log."""
    words = [sys.executable, "-m", "honcho", "--no-colour", "start", process_type]
    started = launch(words, log, environ=production(settings))
    try:
        yield started
    finally:
        _end(started)


def ended(process_type: str, settings: Mapping[str, str], log: Path) -> int:
    """Return the exit status of a process of the Procfile that must end by itself."""
    with honcho(process_type, settings, log) as started:
        return started.process.wait(LIMIT)


def _end(started: Launched) -> None:
    """End what honcho runs, each in a session of its own, and with it honcho.

    No signal goes to honcho itself: it says so at once, and fails if it is saying something else.
    """
    process = started.process
    sessions = _sessions_below(process.pid) if process.poll() is None else set()
    for session in sessions:
        os.killpg(session, signal.SIGTERM)
    if not sessions:
        started.end()
    process.wait(LIMIT)


def _sessions_below(pid: int) -> set[int]:
    """Return the sessions, other than its own, of a process's children and theirs."""
    below, sessions = {pid}, set()
    for child, parent, session in sorted(_processes()):
        if parent in below:
            below.add(child)
            sessions.add(session)
    return sessions - {pid}


def _processes() -> Iterator[tuple[int, int, int]]:
    """Yield every process: its number, its parent's, its session's (proc(5))."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            _, parent, _, session, *_ = stat.read_text(errors="replace").rpartition(") ")[2].split()
            yield int(stat.parent.name), int(parent), int(session)


def production(settings: Mapping[str, str]) -> dict[str, str]:
    """Return these settings and no other, with the programs of our environment on the PATH."""
    return clean_environ() | {"PATH": path_with_programs()} | dict(settings)
