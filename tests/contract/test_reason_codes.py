"""openapi.yaml lists and explains every reason code that the service can give."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import suppression
from suppression.domain.vocabulary import Reason
from tests.contract.document import read_document

CODE = read_document()["components"]["schemas"]["Reason"]["properties"]["code"]
TOLD: list[str] = CODE["x-extensible-enum"]
SOURCE = Path(suppression.__file__).parent
# The classes and functions to which code passes a reason code, as `code=` or first argument.
GIVERS = {"Blocker", "ReasonGiven", "InvalidCheck", "IdentifierParseError", "unknown"}


def test_every_code_is_told() -> None:
    assert set(TOLD) == {*Reason, *given()} | returned()


def test_every_code_has_its_line_of_explanation() -> None:
    assert re.findall(r"^\| `(\w+)` \|", CODE["description"], re.MULTILINE) == TOLD


def given() -> Iterator[str]:
    """Yield the reason codes that are literals in calls of GIVERS."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) in GIVERS:
                first = [
                    keyword.value for keyword in node.keywords if keyword.arg == "code"
                ] or node.args[:1]
                yield from (
                    text for expr in first for inner in ast.walk(expr) if (text := text_of(inner))
                )


def returned() -> set[str]:
    """Return the reason codes that the function `_not_asked` returns."""
    tree = ast.parse((SOURCE / "domain" / "checks" / "blockers.py").read_text("utf-8"))
    return {
        text
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == "_not_asked"
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value
        for node in ast.walk(node.value)
        if (text := text_of(node))
    }


def name_of(called: ast.expr) -> str:
    """Return the name of the function that an expression calls."""
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def text_of(node: ast.expr | ast.AST) -> str:
    """Return the text of a string literal, "" for another node."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
