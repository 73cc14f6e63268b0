"""A strict reader accepts every YAML text of the project: no mapping repeats a key."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

import pytest

from tests.guards.tree import PROJECT, named, project_files
from tests.strict_yaml import RepeatedKeyError, read_yaml

FENCED = re.compile(r"^( *)```ya?ml *\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
READER = "tests/strict_yaml.py"


def test_no_yaml_file_repeats_a_key() -> None:
    files = dict(yaml_files())
    assert "openapi.yaml" in files
    assert refused(files) == []


def test_no_yaml_block_of_the_documentation_repeats_a_key() -> None:
    blocks = dict(yaml_blocks())
    assert any(place.startswith("docs/for-operators.md") for place in blocks)
    assert refused(blocks) == []


def test_the_tests_read_yaml_strictly_everywhere() -> None:
    importing = [
        named(file)
        for file in project_files(".py")
        if any(imports_yaml(node) for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    ]
    assert importing == [READER]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("headers:\n  RateLimit: 1\n  RateLimit: 1\n", 3),
        ("a: {b: 1, b: 2}\n", 1),
        ("- x: 1\n  y: 2\n  'x': 3\n", 3),
    ],
)
def test_a_repeated_key_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(RepeatedKeyError, match=rf"^line {line} repeats the key"):
        read_yaml(text)


def test_a_block_with_a_repeated_key_would_be_found() -> None:
    page = "Text.\n\n  ```yaml\n  scrape: 1\n  scrape: 2\n  ```\n"
    assert refused(dict(blocks_of("page.md", page))) == [
        "page.md, block 1: line 2 repeats the key 'scrape'"
    ]


def test_the_same_key_in_two_mappings_is_no_repetition() -> None:
    assert read_yaml("a: {b: 1}\nc: {b: 2}\n") == {"a": {"b": 1}, "c": {"b": 2}}


def test_the_tree_is_searched_with_its_hidden_folders() -> None:
    assert PROJECT / ".ci" / "run" in list(project_files(""))


def refused(texts: dict[str, str]) -> list[str]:
    """Return the place and the error of every text that repeats a key."""
    refusals = []
    for place, text in texts.items():
        try:
            read_yaml(text)
        except RepeatedKeyError as error:
            refusals.append(f"{place}: {error}")
    return refusals


def yaml_files() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every YAML file of the project."""
    for file in project_files(".yaml", ".yml"):
        yield named(file), file.read_text("utf-8")


def yaml_blocks() -> Iterator[tuple[str, str]]:
    """Yield the place and the text of every YAML block of the Markdown pages."""
    for file in project_files(".md"):
        yield from blocks_of(named(file), file.read_text("utf-8"))


def blocks_of(place: str, page: str) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each YAML block of a page, without its indentation."""
    for number, match in enumerate(FENCED.finditer(page), 1):
        yield f"{place}, block {number}", textwrap.dedent(match[2])


def imports_yaml(node: ast.AST) -> bool:
    """Return whether a statement imports PyYAML."""
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] == "yaml" for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "yaml"
