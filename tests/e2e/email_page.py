"""The programs that docs/for-email.md prints, run as somebody would who copied them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "for-email.md"


def program(beginning: str) -> str:
    """The one Python block of the page in which this text stands."""
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (found,) = [block for block in blocks if beginning in block]
    return str(found)


def set_in(text: str, said: str, meant: str) -> str:
    """The program with an example's value replaced by ours; the value must stand there once."""
    assert text.count(said) == 1, said
    return text.replace(said, meant)


def run(text: str, folder: Path, *arguments: str) -> list[str]:
    """The lines that a program prints, run in a process of its own."""
    file = folder / "program.py"
    file.write_text(text, "utf-8")
    command = [sys.executable, "-W", "error", str(file), *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60)
    return done.stdout.splitlines()
