"""The Procfile as a platform runs it: by honcho, with settings from the environment alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
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
    """End honcho, which ends its process; each has a session of its own."""
    if process.poll() is None:
        process.terminate()
    process.wait(LIMIT)


def production(settings: Mapping[str, str]) -> dict[str, str]:
    """These settings and no other, with the programs of our environment on the PATH."""
    programs = Path(sys.executable).parent
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return clean_environ() | path | dict(settings)
