"""Names in the code use the terms of the field; words that were replaced do not come back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import code_of, sources
from tests.guards.tree import PROJECT, named

INSTEAD_OF_WORD = {
    "deed": "audit context, entry",
    "deeds": "audit contexts, entries",
    "desk": "console",
    "enter": "append, record",
    "extent": "scope",
    "extents": "scopes",
    "foresee": "prefetch, preview",
    "foreseen": "prefetched, preview",
    "likeness": "cache key",
    "obstacle": "blocker",
    "obstacles": "blockers",
    "saying": "attribute",
    "sayings": "attributes",
    "standing": "in force, active",
    "stood": "was in force, at",
    "tallies": "counts",
    "tally": "counts",
    "unaskable": "invalid check",
}
"""Words that no name may contain, and the words to use instead."""
INSTEAD_OF_NAME = {
    "asked": "what it holds: fingerprints, scopes, request",
    "claim": "idempotency_key",
    "found": "what was found: row, match, import_",
    "looked": "result, file",
    "moment": "instant, at, now",
    "one": "its noun: row, stop, identifier",
    "question": "check_request",
    "questions": "check_requests",
    "terms": "options",
}
"""Names that are forbidden when they stand alone, and the names to use instead."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_SUSPECT = re.compile(rf"\b(?:{'|'.join(INSTEAD_OF_NAME)})\b|(?i:{'|'.join(INSTEAD_OF_WORD)})")


def test_no_identifier_has_a_word_that_we_left_out() -> None:
    assert [
        f"{named(file)}:{line} {name}: say {instead}"
        for file, text in sources()
        for line, name in names_of(file, text)
        if (instead := better_word(name))
    ] == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("for one in rows: pass", "one"),
        ("[one for one in rows]", "one"),
        ("found = rows", "found"),
        ("self.found = rows", "found"),
        ("def read(asked): ...", "asked"),
        ("lambda one: one", "one"),
        ("render(found=rows)", "found"),
        ("def enter_row(): ...", "enter_row"),
        ("class StandingStop: ...", "StandingStop"),
        ("import rows as tally", "tally"),
        ("class Import:\n    terms: str", "terms"),
        ("FORESEEN = 1", "FORESEEN"),
    ],
)
def test_such_a_name_is_seen(code: str, name: str) -> None:
    assert [each for _, each in identifiers(ast.parse(code)) if better_word(each)] == [name]


@pytest.mark.parametrize(
    "code",
    [
        "def test_what_stood_before_a_release_is_past(): ...",
        "class DbIdempotentAnswer:\n    claim: Mapped[bytes]",
        "class Source:\n    def __enter__(self): ...",
        "class StandingSchema: ...",
        "understanding = outstanding = one_click = was_found = 1",
        "said_by_others = row.one()",
    ],
)
def test_other_names_are_left_alone(code: str) -> None:
    assert [each for _, each in identifiers(ast.parse(code)) if better_word(each)] == []


def test_no_template_names_a_loop_variable_one() -> None:
    templates = sorted((PROJECT / "suppression" / "web" / "templates").rglob("*.html"))
    assert len(templates) > 40
    texts = {template.name: template.read_text("utf-8") for template in templates}
    loop = re.compile(r"{%-?\s*(?:for\s+|macro \w+\(.*)\b(?:one|found|said)\b")
    assert [name for name, text in texts.items() if loop.search(text)] == []
    assert loop.search("{%- for one in rows %}")


def test_the_guard_sees_all_folders() -> None:
    seen = {named(file) for file, _ in sources()}
    assert {
        "suppression/domain/checks/decision.py",
        "tests/guards/test_names.py",
        "benchmarks/journeys.py",
    } <= seen


def names_of(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and text of a file's name and, if a forbidden word occurs, of all names in it.

    Searching the text first saves the parsing of most files.
    """
    yield 1, file.stem
    if _SUSPECT.search(_STRING.sub("", code_of(text))):
        yield from identifiers(ast.parse(text))


def better_word(name: str) -> str | None:
    """Return the replacement of a forbidden name or word in a name; None for an allowed name."""
    if name in INSTEAD_OF_NAME:
        return INSTEAD_OF_NAME[name]
    words = (word.lower() for word in _WORD.findall(name))
    return next((INSTEAD_OF_WORD[word] for word in words if word in INSTEAD_OF_WORD), None)


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every name that a file defines.

    Names of tests, names with two leading underscores, database columns and schemas are left out;
    a schema has its name from openapi.yaml.
    """
    columns = {
        node.target
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).startswith("Mapped[")
    }
    for node in ast.walk(tree):
        name = given_name(node)
        if name and not (
            node in columns or name.startswith(("test_", "__")) or name.endswith("Schema")
        ):
            yield getattr(node, "lineno", 0), name


def given_name(node: ast.AST) -> str | None:
    """Return the name that a node gives to a function, class, variable or parameter, else None."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            return name
        case ast.arg(arg=name) | ast.keyword(arg=name) | ast.alias(asname=name):
            return name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
            return name
    return None
