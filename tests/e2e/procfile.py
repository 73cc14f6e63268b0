"""The Procfile as a platform runs it: by honcho, with settings from the environment alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from tests.e2e.serving import PROJECT, clean_environ

LIMIT = 60.0


def honcho(process_type: str, settings: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """`honcho start TYPE`, its output and that of its process in the log."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "honcho", "--no-colour", "start", process_type],
            cwd=PROJECT,
            env=production(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def ended(process_type: str, settings: Mapping[str, str], log: Path) -> int:
    """The exit status of a process of the Procfile that must end by itself."""
    process = honcho(process_type, settings, log)
    try:
        return process.wait(LIMIT)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End what honcho runs, each in a session of its own, and with it honcho.

    No signal goes to honcho itself: it says so at once, and fails if it is saying something else.
    """
    sessions = _sessions_below(process.pid) if process.poll() is None else set()
    for session in sessions:
        os.killpg(session, signal.SIGTERM)
    if not sessions:
        process.terminate()
    process.wait(LIMIT)


def _sessions_below(pid: int) -> set[int]:
    """The sessions, other than its own, of a process's children and theirs."""
    below, sessions = {pid}, set()
    for child, parent, session in sorted(_processes()):
        if parent in below:
            below.add(child)
            sessions.add(session)
    return sessions - {pid}


def _processes() -> Iterator[tuple[int, int, int]]:
    """Every process: its number, its parent's, its session's (proc(5))."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            _, parent, _, session, *_ = stat.read_text(errors="replace").rpartition(") ")[2].split()
            yield int(stat.parent.name), int(parent), int(session)


def production(settings: Mapping[str, str]) -> dict[str, str]:
    """These settings and no other, with the programs of our environment on the PATH."""
    programs = Path(sys.executable).parent
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return clean_environ() | path | dict(settings)
