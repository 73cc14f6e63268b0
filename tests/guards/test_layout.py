"""No folder of the service or of its tests holds more modules than a reader can survey."""

from __future__ import annotations

import tomllib
from collections import Counter

from tests.guards.tree import PROJECT

MODULE_LIMIT = 22
LAYERS = ("domain", "usecases", "storage", "adapters", "web", "cli")
# Folders that are lists: one file per behaviour, in alphabetical order.
LISTS = frozenset({"tests/attacks", "tests/e2e"})


def test_no_folder_holds_more_than_22_modules() -> None:
    counts = modules_by_folder()
    assert counts["suppression/web/http"] > 1  # the guard sees the folders
    crowded = {folder for folder, count in counts.items() if count > MODULE_LIMIT}
    assert crowded - LISTS == set()


def test_the_tests_of_a_layer_stand_in_folders_of_that_layer() -> None:
    tested = {
        folder.relative_to(PROJECT / "tests").as_posix()
        for layer in LAYERS
        for folder in (PROJECT / "tests" / layer).rglob("*")
        if folder.is_dir() and any(folder.glob("*.py"))
    }
    assert "domain/cases" in tested
    assert [name for name in sorted(tested) if not (PROJECT / "suppression" / name).is_dir()] == []


def test_every_layer_with_an_order_lists_all_its_folders() -> None:
    linter = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    ordered = {
        contract["containers"][0]
        for contract in linter["contracts"]
        if contract["type"] == "layers" and contract["exhaustive"]
    }
    assert ordered == {
        "suppression",
        "suppression.domain",
        "suppression.storage",
        "suppression.usecases",
        "suppression.web",
    }


def modules_by_folder() -> Counter[str]:
    """Return how many modules each folder holds, by its path, without its `__init__.py`."""
    return Counter(
        module.parent.relative_to(PROJECT).as_posix()
        for top in ("suppression", "tests", "benchmarks")
        for module in (PROJECT / top).rglob("*.py")
        if module.name != "__init__.py"
    )
