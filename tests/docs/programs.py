"""A Python program of a page, run alone against a service of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import PROGRAMS, blocks_of

LIMIT = 110


def program(page: str, containing: str) -> str:
    """The one program of a page in which this text stands."""
    (programs,) = [
        block.text
        for block in blocks_of(page)
        if block.language in PROGRAMS and containing in block.text
    ]
    return programs


def run_program(text: str, folder: Path, *arguments: str | Path, **environ: str) -> list[str]:
    """The lines that a program prints, run in a process of its own."""
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
