"""Pages for developers name only existing files, and the table of capabilities all folders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.guards.tree import PROJECT

PAGES = ("CONTRIBUTING.md", "docs/journeys.md")
TOPS = "suppression|tests|migrations|benchmarks|docs"
NAMED = re.compile(rf"`((?:{TOPS})/[\w./-]+|[\w-]+(?:\.conf)?\.(?:md|yaml|py|toml))`")
LAYERS = ("domain", "usecases", "storage", "web", "cli")
SHORT = re.compile(rf"`((?:suppression|tests|{'|'.join(LAYERS)}|adapters)/[\w/]+\.\w+)`")


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_the_page_names_exists(page: str) -> None:
    files = named_files((PROJECT / page).read_text("utf-8"))
    assert len(files) > 40
    assert [file for file in files if not (PROJECT / file).is_file()] == []


def test_no_page_names_a_module_that_is_not_there() -> None:
    """A page may write `domain/vocabulary.py` for `suppression/domain/vocabulary.py`."""
    pages = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
    modules = {(page, path) for page in pages for path in SHORT.findall(page.read_text("utf-8"))}
    assert len(modules) > 50
    assert [
        f"{page.name}: {path}"
        for page, path in sorted(modules)
        if not any((root / path).is_file() for root in (PROJECT, PROJECT / "suppression"))
    ] == []


def test_every_task_names_its_files() -> None:
    tasks = (PROJECT / "CONTRIBUTING.md").read_text("utf-8").split("\n## ")[1:]
    assert len(tasks) == 8
    for task in tasks:
        assert len(named_files(task)) > 5, task.partition("\n")[0]


def test_the_readme_leads_to_the_pages() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    assert [page for page in PAGES if f"]({page})" not in readme] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_what_the_table_of_capabilities_names_exists(layer: str) -> None:
    paths = table()[layer]
    assert len(paths) > 10
    for path in paths:
        place = PROJECT / "suppression" / layer / path
        assert place.is_dir() if path.endswith("/") else place.is_file(), place


@pytest.mark.parametrize("layer", LAYERS)
def test_the_table_of_capabilities_leaves_no_folder_out(layer: str) -> None:
    named = {path.partition("/")[0] for path in table()[layer]}
    assert folders(PROJECT / "suppression" / layer) - named == set()


def test_every_adapter_is_named_beside_the_table() -> None:
    sentence = section().rpartition("`adapters`")[2]
    named = {path.rstrip("/") for path in re.findall(r"`([\w/]+)`", sentence)}
    assert named == folders(PROJECT / "suppression" / "adapters")


def test_a_file_that_is_not_there_would_be_noticed() -> None:
    assert named_files(
        "see `suppression/nowhere.py`, `README.md`, `LANGUAGES` and `GET /v1/me`"
    ) == [
        "suppression/nowhere.py",
        "README.md",
    ]


def named_files(text: str) -> list[str]:
    """Return the paths of files in backquotes, relative to the root of the project."""
    return NAMED.findall(text)


def section() -> str:
    """Return the section of docs/architecture.md with the table of capabilities."""
    page = (PROJECT / "docs" / "architecture.md").read_text("utf-8")
    return page.partition("### Where a capability is\n")[2].partition("\n## ")[0]


def table() -> dict[str, list[str]]:
    """Return the paths in each layer's column of the table of capabilities."""
    lines = [line.strip("|").split("|") for line in section().splitlines() if line.startswith("|")]
    assert [cell.strip() for cell in lines[0]] == ["capability", *LAYERS]
    return {
        layer: [path for line in lines[2:] for path in re.findall(r"`([^`]+)`", line[column])]
        for column, layer in enumerate(LAYERS, start=1)
    }


def folders(layer: Path) -> set[str]:
    """Return the folders of a layer that hold modules."""
    return {init.parent.name for init in layer.glob("*/__init__.py")}
