"""A file stays under 300 lines and a function under 40, without exceptions."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PLACES = ("app.py", "gunicorn.conf.py", "suppression", "migrations", "tests", "benchmarks")
FILE_LIMIT = 300
FUNCTION_LIMIT = 40


def test_files_stay_under_300_lines() -> None:
    assert [f"{name(file)}: {lines}" for file, lines in files() if lines >= FILE_LIMIT] == []


def test_functions_stay_under_40_lines() -> None:
    assert [f"{place}: {lines}" for place, lines in functions() if lines >= FUNCTION_LIMIT] == []


def test_the_guard_sees_this_file() -> None:
    assert Path(__file__) in [file for file, _ in files()]
    assert any("test_the_guard_sees_this_file" in place for place, _ in functions())


def files() -> Iterator[tuple[Path, int]]:
    """Yield every Python file of the project with its number of lines."""
    for place in PLACES:
        root = PROJECT / place
        for file in [root] if root.is_file() else sorted(root.rglob("*.py")):
            yield file, len(file.read_text().splitlines())


def functions() -> Iterator[tuple[str, int]]:
    """Yield the place and number of lines of every function, counted from its first decorator."""
    for file, _ in files():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(expr.lineno for expr in node.decorator_list)])
                last = node.end_lineno or first
                yield f"{name(file)}:{node.lineno} {node.name}", last - first + 1


def name(file: Path) -> str:
    """Return the path of a file, relative to the root of the project."""
    return str(file.relative_to(PROJECT))
