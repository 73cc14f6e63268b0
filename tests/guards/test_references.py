"""Comments, pages and the contract refer only to existing places, by a path or a link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.references import anchors, dead_references, lost_references
from tests.guards.tree import PROJECT, named, project_files

PAGE = PROJECT / "docs" / "policies.md"
RULES = "docs/rules.md"
# Files with examples of references, valid and invalid.
SAMPLES = {
    "tests/guards/references.py",
    "tests/guards/test_references.py",
    "tests/guards/test_rules.py",
}


def test_every_reference_leads_to_a_file_and_an_anchor() -> None:
    assert [
        f"{named(file)}: {reference}"
        for file, text in texts()
        for reference in dead_references(file, text)
    ] == []


def test_nothing_names_a_rule_or_a_section_without_a_way_to_it() -> None:
    assert [
        f"{named(file)}: {reference}"
        for file, text in texts()
        if named(file) != RULES
        for reference in lost_references(text)
    ] == []


def test_the_code_the_contracts_and_the_pages_are_searched() -> None:
    searched = {named(file) for file, _ in texts()}
    assert {"openapi.yaml", "README.md", "CHANGELOG.md", "run", ".ci/run", RULES} <= searched
    assert {"suppression/domain/checks/decision.py", "tests/vectors/sms.csv"} <= searched
    assert any(file.startswith("migrations/versions/") for file in searched)


def test_the_code_refers_to_rules_and_architecture_by_their_anchors() -> None:
    files = [named(file) for file, text in texts() if f"{RULES}#" in text]
    assert len(files) > 20
    assert any("docs/architecture.md#the-decision" in text for _, text in texts())


@pytest.mark.parametrize(
    "text",
    [
        "The law's on calls are for consumers (docs/rules.md#t99).",
        "See docs/nowhere.md.",
        "[the decision](architecture.md#the-decisions)",
        "[below](#no-such-heading)",
        "[the tests](../tests/nothing.csv)",
    ],
)
def test_a_reference_that_leads_nowhere_is_found(text: str) -> None:
    assert len(dead_references(PAGE, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "(docs/rules.md#t7)",
        "docs/architecture.md#the-decision, order 4.",
        "[professionals](#professionals)",
        "[rule T7](rules.md#t7) and [its cases](../tests/vectors/decisions/README.md)",
        "https://example.com/docs/nowhere.md#t99",
    ],
)
def test_a_reference_that_leads_somewhere_is_left_alone(text: str) -> None:
    assert dead_references(PAGE, text) == []
    assert lost_references(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "in the order of design section 5",
        "Design s5 says so",
        "302,design 5,fr-2026",
        "the law's on calls are for consumers (rule T7)",
        "Rule E9.",
        "rules E4 and E12",
        "an agreed time needs none (T6)",
        "too: T7 has objection only",
        "../shared/rules.md",
        "shared/vectors/ holds known answers",
        "keywords (rules.md)",
    ],
)
def test_a_mention_that_nobody_could_follow_is_found(text: str) -> None:
    assert lost_references(text)


@pytest.mark.parametrize(
    "text",
    ["2026-11-21T10:30:00Z", "mailto:jean%E2%80%8B@example.fr", "rows\\t2", "GDPR Art. 12(3)"],
)
def test_dates_and_escapes_are_no_mention_of_a_rule(text: str) -> None:
    assert lost_references(text) == []


def test_anchors_are_those_that_github_makes() -> None:
    page = '# Try it: "now"\n\n```\n# no heading\n```\n\n## `G1`\n\n## G1\n\n<a id="extra"></a>\n'
    assert anchors(page) == {"try-it-now", "g1", "g1-1", "extra"}


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every text file of the project with its text, except SAMPLES."""
    for file in project_files(""):
        content = file.read_bytes()
        if named(file) not in SAMPLES and b"\0" not in content:
            # Exports of tools come in older encodings too.
            yield file, content.decode("utf-8", "replace")
