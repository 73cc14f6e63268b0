"""The Python files of the service, its tests and its benchmarks, read once for all guards."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.guards.tree import PROJECT

FOLDERS = ("suppression", "tests", "benchmarks")
_COMMENT = re.compile(r"#[^\n\"']*$", re.MULTILINE)


@cache
def sources() -> tuple[tuple[Path, str], ...]:
    """Return every Python file of FOLDERS with its text."""
    files = (file for folder in FOLDERS for file in sorted((PROJECT / folder).rglob("*.py")))
    return tuple((file, file.read_text("utf-8")) for file in files)


def docstrings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each docstring of a file, also of those below an attribute."""
    for node in _docstring_nodes(text):
        yield node.lineno, str(node.value)


def code_of(text: str) -> str:
    """Return the text of a file without its docstrings and comments."""
    lines = text.splitlines()
    for node in _docstring_nodes(text):
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
            lines[number - 1] = ""
    return _COMMENT.sub("", "\n".join(lines))


def _docstring_nodes(text: str) -> Iterator[ast.Constant]:
    """Yield the AST nodes of the texts that are statements of their own."""
    for node in ast.walk(ast.parse(text)):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value
