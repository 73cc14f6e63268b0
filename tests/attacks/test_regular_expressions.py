"""No regular expression of the service takes more than 50 ms, whatever its input."""

from __future__ import annotations

import re

import pytest

from suppression.domain.sms.normalization import LIMIT
from tests.attacks.patterns import patterns
from tests.attacks.pumping import slowest

LONGEST = 10_000
"""The length of the inputs, in characters, for a pattern whose input has no lower limit."""
SHORTER = {
    # A letter a word, of at most LIMIT characters.
    "suppression.domain.sms.reply_parsing._CLEAR": 1000,
    "suppression.domain.sms.reply_parsing._START": 1000,
}
"""Patterns whose input is shorter than LONGEST, and its limit in characters."""
PHRASES = "suppression.domain.sms.vocabulary"
"""The module whose patterns are searched in messages of at most LIMIT characters."""
OLD_SVG = rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<svg[\s>]"
"""A former pattern for the start of an SVG; 860 bytes kept it busy for ever."""


def test_every_pattern_answers_in_time() -> None:
    searched_patterns = patterns()
    assert len(searched_patterns) > 100
    places = {pattern.place for pattern in searched_patterns}
    assert places >= SHORTER.keys(), sorted(SHORTER.keys() - places)
    slow = {}
    for pattern in searched_patterns:
        longest = (
            LIMIT if pattern.place.startswith(PHRASES) else SHORTER.get(pattern.place, LONGEST)
        )
        slow[pattern.place] = slowest(pattern.pattern, sorted(pattern.methods), longest=longest)
    assert {place: why for place, why in slow.items() if why} == {}


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (re.compile(OLD_SVG, re.DOTALL), "match"),
        (re.compile(r"(a+)+$"), "match"),
        (re.compile(r"(?:a|a)*b"), "match"),
        (re.compile(r"(\w+\s?)*$"), "fullmatch"),
        (re.compile(r"(?:[a-z]+[0-9]*)*!"), "search"),
        (re.compile(r"\s+$"), "search"),
        (re.compile(r"[a-z]*[a-z0-9]*[a-z_]*x"), "fullmatch"),
    ],
    ids=["logo", "loop in a loop", "same twice", "words", "words and digits", "spaces", "three"],
)
def test_the_search_finds_what_is_slow(pattern: re.Pattern[str], method: str) -> None:
    assert slowest(pattern, [method], longest=LONGEST)


@pytest.mark.parametrize("text", [r"[a-z]+@[a-z]+", r"(?:[^<>]|<[a-z]+>)*", r"\d{1,5}(?:-\d+)?"])
def test_what_is_quick_is_let_be(text: str) -> None:
    assert slowest(re.compile(text), ["fullmatch", "match"], longest=LONGEST) == ""
