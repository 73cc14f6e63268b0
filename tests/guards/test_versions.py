"""The changelog, the contract, its examples and the page on releasing name one version."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from suppression import __version__
from tests.contract.document import read_document

PROJECT = Path(__file__).parents[2]
RELEASING = PROJECT / "docs" / "releasing.md"
UNRELEASED = "Unreleased"
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
RELEASE = re.compile(r"(\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})")


def test_the_newest_release_of_the_changelog_is_the_version() -> None:
    assert releases()[0][0] == __version__


def test_nothing_but_unreleased_changes_stands_above_the_newest_release() -> None:
    assert all(RELEASE.fullmatch(heading) for heading in headings()[1:])
    assert headings()[0] == UNRELEASED or RELEASE.fullmatch(headings()[0])


def test_releases_stand_newest_first_each_with_its_own_number() -> None:
    dates = [released for _, released in releases()]
    numbers = [tuple(map(int, version.split("."))) for version, _ in releases()]
    assert dates == sorted(dates, reverse=True)
    assert numbers == sorted(set(numbers), reverse=True)


def test_the_contract_and_its_examples_tell_the_version() -> None:
    document = read_document()
    assert document["info"]["version"] == __version__
    answers = document["paths"]["/readyz"]["get"]["responses"]
    told = [
        example["value"]["version"]
        for status in ("200", "503")
        for example in answers[status]["content"]["application/json"]["examples"].values()
    ]
    assert set(told) == {__version__}


def test_the_page_on_releasing_names_the_version_and_its_tag() -> None:
    text = RELEASING.read_text("utf-8")
    assert f"This is v{__version__}." in text
    assert f"git tag --annotate v{__version__} " in text
    assert f"git push origin v{__version__}\n" in text


def test_no_other_module_writes_the_version() -> None:
    files = sorted((PROJECT / "suppression").rglob("*.py"))
    writing = [file.name for file in files if f'"{__version__}"' in file.read_text("utf-8")]
    assert writing == ["__init__.py"]


def headings() -> list[str]:
    """Return the headings of the changelog's sections, from top to bottom."""
    return HEADING.findall((PROJECT / "CHANGELOG.md").read_text("utf-8"))


def releases() -> list[tuple[str, date]]:
    """Return every release of the changelog with its date, from top to bottom."""
    matches = [RELEASE.fullmatch(heading) for heading in headings()]
    return [(match[1], date.fromisoformat(match[2])) for match in matches if match]
