"""benchmarks/journeys.py traces all four journeys, and counts as its docstring says."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.journeys import Walk, walks
from tests.launching import PROJECT

PAGE = PROJECT / "docs" / "journeys.md"


@pytest.fixture(scope="module")
def walks_by_journey() -> dict[str, Walk]:
    return walks()


@pytest.mark.parametrize(
    ("journey", "first", "last"),
    [
        ("check", "suppression/web/api/checks.py", "suppression/domain/checks/decision.py"),
        ("one-click", "suppression/web/pages/unsubscribe.py", "suppression/storage/ledger/rows.py"),
        ("letter", "suppression/web/console/cases/record.py", "suppression/storage/cases/rows.py"),
        ("import", "suppression/cli/imports/commands.py", "suppression/storage/imports/apply.py"),
    ],
)
def test_a_journey_passes_from_its_door_to_what_decides_or_stores(
    walks_by_journey: dict[str, Walk], journey: str, first: str, last: str
) -> None:
    files = walks_by_journey[journey].files
    assert files.index(first) < files.index(last)
    assert all(file.endswith(".py") for file in files)


@pytest.mark.parametrize(
    ("heading", "journeys"),
    [
        ("Before every HTTP journey", ("check", "one-click", "letter")),
        ("A check", ("check",)),
        ("A one-click", ("one-click",)),
        ("A recorded letter", ("letter",)),
        ("An import", ("import",)),
    ],
)
def test_the_page_of_journeys_names_files_that_the_journey_passes(
    walks_by_journey: dict[str, Walk], heading: str, journeys: tuple[str, ...]
) -> None:
    section = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    steps = section[section.index("\n1. ") :]
    named = re.findall(r"`(suppression/[\w./]+)`", steps)
    assert len(named) >= 5
    for journey in journeys:
        assert [file for file in named if file not in walks_by_journey[journey].files] == []


@pytest.mark.parametrize("journey", ["check", "one-click", "letter", "import"])
def test_no_journey_gets_longer_than_the_page_says(
    walks_by_journey: dict[str, Walk], journey: str
) -> None:
    walk = walks_by_journey[journey]
    most = re.search(
        rf"^\| {journey} \| (\d+) \| (\d+) \| (\d+) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert most, "the page has a row for each journey"
    assert len(walk.functions) <= int(most[1])
    assert len(walk.files) <= int(most[2])
    assert walk.climbs.total() <= int(most[3])


def test_a_letter_is_parsed_once(walks_by_journey: dict[str, Walk]) -> None:
    """A second parse, by `explain` or a fast path, would add one of these files to the journey."""
    others = ("identifiers/explain.py", "phone/fast_path.py", "postal/fast_path_address.py")
    files = walks_by_journey["letter"].files
    assert [file for file in files if file.endswith(others)] == []


def test_every_journey_is_counted(walks_by_journey: dict[str, Walk]) -> None:
    for walk in walks_by_journey.values():
        assert len(walk.functions) > len(walk.files) > walk.rises > 0


def test_a_call_up_is_a_climb_and_a_call_down_is_none() -> None:
    walk = walked({"web/a.py": "domain/b.py", "domain/b.py": "web/c.py", "web/c.py": "cli/d.py"})
    assert walk.files == [f"suppression/{name}" for name in ("web/a.py", *CHAIN)]
    assert list(walk.climbs) == ["suppression/domain/b.py:step -> suppression/web/c.py:step"]
    assert walk.rises == 1


CHAIN = ("domain/b.py", "web/c.py", "cli/d.py")


def walked(calls: dict[str, str]) -> Walk:
    """Return the Walk through functions of made-up files, of which each calls the next."""
    steps: dict[str, Callable[[], None]] = {}
    for name in (*calls, *calls.values()):
        code = compile("def step(): go_on()", str(PROJECT / "suppression" / name), "exec")
        scope: dict[str, Any] = {"go_on": lambda name=name: steps.get(calls.get(name, ""), int)()}
        exec(code, scope)  # noqa: S102 - the text above
        steps[name] = scope["step"]
    walk = Walk()
    sys.setprofile(walk)
    try:
        steps[next(iter(calls))]()
    finally:
        sys.setprofile(None)
    return walk
