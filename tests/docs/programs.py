"""Run a Python program of a page of documentation against a service of the test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import PROGRAMS, blocks_of

LIMIT = 110


def program(page: str, containing: str) -> str:
    """Return the only program of a page that contains this text."""
    (programs,) = [
        block.text
        for block in blocks_of(page)
        if block.language in PROGRAMS and containing in block.text
    ]
    return programs


def run_program(text: str, folder: Path, *arguments: str | Path, **environ: str) -> list[str]:
    """Run a Python program in a process of its own and return the lines that it prints.

    Raises CalledProcessError if it fails, TimeoutExpired after LIMIT seconds.
    """
    file = folder / "program.py"
    file.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", file, *arguments],
        env=os.environ | {"no_proxy": "127.0.0.1"} | environ,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LIMIT,
    )
    return done.stdout.splitlines()
