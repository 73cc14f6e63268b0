"""docs/architecture.md and docs/glossary.md agree with the code."""

from __future__ import annotations

import hashlib
import re
import tomllib
from enum import StrEnum

import pytest

from suppression.domain import vocabulary
from suppression.domain.identifiers.sandbox import SANDBOX_CASES
from tests.contract.document import read_document
from tests.guards.tree import PROJECT

PAGE = (PROJECT / "docs" / "architecture.md").read_text("utf-8")
GLOSSARY = (PROJECT / "docs" / "glossary.md").read_text("utf-8")
MOST_WORDS = 40
WORDS = (
    vocabulary.Kind,
    vocabulary.Channel,
    vocabulary.Purpose,
    vocabulary.Decision,
    vocabulary.Rule,
    vocabulary.Preset,
    vocabulary.Sector,
    vocabulary.Audience,
    vocabulary.Basis,
    vocabulary.Evidence,
    vocabulary.Reason,
)


def glossary() -> list[str]:
    """Return the words that the glossary explains, in its order."""
    return re.findall(r"^\| ([^|]+?) \| ", GLOSSARY.partition("|---|")[2], re.MULTILINE)


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.__name__)
def test_the_words_are_those_of_the_code(words: type[StrEnum]) -> None:
    cells = re.findall(
        rf"^\| `{words.__name__}`[^|]*\| ([^|]+) \|$", section("Words"), re.MULTILINE
    )
    assert re.findall(r"`([^`]+)`", ", ".join(cells)) == [str(word) for word in words]


def test_the_layers_are_those_of_the_import_linter() -> None:
    linter = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (layers,) = [
        contract["layers"] for contract in linter["contracts"] if contract["id"] == "layers"
    ]
    assert " > ".join(layers) in section("Layers")


def test_the_decision_lists_every_reason_code_of_the_contract_and_no_other() -> None:
    codes = read_document()["components"]["schemas"]["Reason"]["properties"]["code"]
    known = set(codes["x-extensible-enum"])
    named = set(re.findall(r"`([a-z_]+)`", section("The decision")))
    assert known - named == set()
    rows = re.findall(r"^\| \d \|[^|]+\|[^|]+\|([^|]+)\|$", section("The decision"), re.MULTILINE)
    assert set(re.findall(r"`([a-z_]+)`", "".join(rows))) - known == {"basis"}


def test_the_sandbox_has_these_identifiers() -> None:
    named = re.findall(r"`([^` ]+@example\.test|\+\d+)`", section("The API"))
    cases = {SANDBOX_CASES.get(prehash_of(address)) for address in named}
    assert None not in cases
    assert len(named) == len(SANDBOX_CASES)


def test_what_is_not_built_has_no_route() -> None:
    paths = " ".join(read_document()["paths"])
    for planned in ("changes", "receipts", "ledger", "webhooks", "domains"):
        assert planned not in paths, "It is built: take it from 'Not built', and describe it."


def test_the_glossary_has_at_most_forty_words_in_their_order() -> None:
    words = glossary()
    assert 20 < len(words) <= MOST_WORDS
    assert words == sorted(set(words), key=str.casefold)


@pytest.mark.parametrize("word", glossary())
def test_a_word_of_the_glossary_is_used_in_the_documentation(word: str) -> None:
    pages = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    used = re.compile(rf"\b{re.escape(word)}", re.IGNORECASE)
    using = [page.name for page in pages if used.search(page.read_text("utf-8"))]
    assert len(set(using) - {"glossary.md"}) >= 2, using


def section(heading: str) -> str:
    """Return the text under a heading of the architecture page."""
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def prehash_of(text: str) -> bytes:
    """Return the SHA-256 of a canonical form."""
    return hashlib.sha256(text.encode()).digest()
