"""Docstrings make sense alone, in an editor's tooltip, and the classes that they name exist."""

from __future__ import annotations

import builtins
import re

import pytest

from tests.guards.sources import code_of, docstrings, sources
from tests.guards.tree import named

RIDDLES = ("The same", "Set it", "All of it", "As any")
"""Beginnings of docstrings that refer to another docstring."""
_ERROR = re.compile(r"\b[A-Z][a-z]\w*Error\b")
_WORDS = re.compile(r"\b[A-Z]\w+")
_CODE = re.compile(r"`+([^`]+)`+")
_CAPITALS = re.compile(r"(?<![\w.])[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b")


def test_no_docstring_needs_another_one() -> None:
    assert [
        f"{named(file)}:{line} {docstring.split()[:6]}"
        for file, text in sources()
        for line, docstring in docstrings(text)
        if docstring.startswith(RIDDLES)
    ] == []


def test_every_class_that_a_docstring_names_exists() -> None:
    known = set(dir(builtins)).union(*(_WORDS.findall(code_of(text)) for _, text in sources()))
    assert [
        f"{named(file)}:{line} {name}"
        for file, text in sources()
        for line, docstring in docstrings(text)
        for name in classes_named(docstring)
        if name not in known
    ] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Raises WrongKeyError, or ValueError.", ["WrongKeyError", "ValueError"]),
        ("Return a `StandingStop`, or ``None``.", ["StandingStop"]),
        ("Return `rows` of the Import; `JSON` and `X-Request-Id` are no classes.", []),
        ("An Error is no name, and the OkWind of Rennes neither.", []),
    ],
)
def test_errors_and_quoted_classes_are_seen(text: str, names: list[str]) -> None:
    assert classes_named(text) == names


def test_docstrings_are_told_from_code() -> None:
    text = (
        '"""Of a module."""\nLIMIT = 3  # of OldError\n"""The same for\nfiles."""\nraise NewError\n'
    )
    assert list(docstrings(text)) == [(1, "Of a module."), (3, "The same for\nfiles.")]
    assert _WORDS.findall(code_of(text)) == ["LIMIT", "NewError"]


def classes_named(text: str) -> list[str]:
    """Return the errors that a docstring names, and the classes that it names in backticks."""
    quoted = " ".join(_CODE.findall(text))
    return list(dict.fromkeys([*_ERROR.findall(text), *_CAPITALS.findall(quoted)]))
