"""Each rule of docs/rules.md names its source, certainty, status, code and tests."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import pytest

from tests.guards.tree import PROJECT

PAGE = PROJECT / "docs" / "rules.md"
LETTERS = "EMTPGHS"
STATES = ("held", "partly held", "not held yet", "yours")
WIDTH = 120
# A line that holds one name and cannot be broken.
ONE_NAME = re.compile(r"[- \w:]*`[^` ]+`,?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule of docs/rules.md: its number, and its fields Source, Status, Code and Test."""

    number: str
    fields: dict[str, str]

    @property
    def state(self) -> str:
        """Return the rule's status, one of STATES, or "" if the page names none of them."""
        status = self.fields["Status"]
        return next((state for state in STATES if re.match(rf"{state}\b", status)), "")

    def named(self, field: str) -> list[str]:
        """Return the words of a field that are in backquotes."""
        return re.findall(r"`([^`]+)`", self.fields.get(field, ""))


def rules_of(page: str) -> list[Rule]:
    """Return the rules of a page: each has a heading like `### T7`, then a list of fields."""
    sections = re.split(r"^### ([A-Z]\d+)\n", page, flags=re.MULTILINE)[1:]
    rules = []
    for number, body in zip(sections[::2], sections[1::2], strict=True):
        fields = re.findall(
            r"^- (Source|Status|Code|Test): (.+?)(?=\n- |\n\n|\Z)", body, re.MULTILINE | re.DOTALL
        )
        rules.append(Rule(number=number, fields=dict(fields)))
    return rules


RULES = rules_of(PAGE.read_text("utf-8"))
EACH = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.number)


def test_the_numbers_run_on_without_a_gap() -> None:
    for letter in LETTERS:
        numbers = [int(rule.number[1:]) for rule in RULES if rule.number[0] == letter]
        assert numbers == list(range(1, len(numbers) + 1)), letter
    assert len(RULES) > 40


@EACH
def test_a_rule_has_its_source_and_how_sure_we_are_of_it(rule: Rule) -> None:
    assert re.search(r"\[[VSMD]\]", rule.fields["Source"])


@EACH
def test_a_rule_says_how_far_it_is_held(rule: Rule) -> None:
    assert rule.state
    if rule.state in {"held", "partly held"}:
        assert rule.named("Code")
        assert rule.named("Test")
    if rule.state == "not held yet":
        assert not rule.named("Code")


@EACH
def test_what_holds_a_rule_is_there(rule: Rule) -> None:
    named = rule.named("Code") + rule.named("Test")
    assert [place for place in named if not is_there(place)] == []


def test_each_certainty_and_each_state_is_explained_in_words() -> None:
    introduction = PAGE.read_text("utf-8").partition("\n## ")[0]
    for mark in "VSMD":
        assert f"**[{mark}]**" in introduction
    for state in STATES:
        assert f"**{state}**" in introduction


def test_a_test_that_is_not_there_would_be_noticed() -> None:
    assert is_there("tests/guards/test_rules.py::test_a_test_that_is_not_there_would_be_noticed")
    assert not is_there("tests/guards/test_rules.py::test_of_nothing")
    assert not is_there("suppression/domain/nothing.py")


def test_a_rule_without_a_certainty_would_be_noticed() -> None:
    (rule,) = rules_of("### T1\n\nNo calls.\n\n- Source: somebody\n- Status: promised\n")
    assert rule.state == ""
    assert "[" not in rule.fields["Source"]


@pytest.mark.parametrize("name", ["architecture.md", "glossary.md", "rules.md"])
def test_lines_are_at_most_120_characters_wide(name: str) -> None:
    lines = (PROJECT / "docs" / name).read_text("utf-8").splitlines()
    long = [number for number, line in enumerate(lines, 1) if len(line) > WIDTH]
    assert [number for number in long if not ONE_NAME.fullmatch(lines[number - 1])] == []


def is_there(place: str) -> bool:
    """Return whether a file exists, and has the test that is named after `::`."""
    path, _, test = place.partition("::")
    file = PROJECT / path
    if not file.is_file():
        return False
    if not test:
        return True
    tree = ast.parse(file.read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == test for node in tree.body)
