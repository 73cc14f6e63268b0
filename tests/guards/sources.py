"""The Python files of the service, its tests and its benchmarks, read once for all guards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.guards.tree import PROJECT

FOLDERS = ("suppression", "tests", "benchmarks")
_DOCSTRING = re.compile(r'^[ \t]*[rR]?"""(.*?)"""', re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"#[^\n\"']*$", re.MULTILINE)


@cache
def sources() -> tuple[tuple[Path, str], ...]:
    """Return every Python file of these folders with its text."""
    files = (file for folder in FOLDERS for file in sorted((PROJECT / folder).rglob("*.py")))
    return tuple((file, file.read_text("utf-8")) for file in files)


def docstrings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the docstrings of a file, also those below an attribute, with their lines."""
    for match in _DOCSTRING.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1]


def code_of(text: str) -> str:
    """Return a file without its docstrings and comments."""
    return _COMMENT.sub("", _DOCSTRING.sub("", text))
