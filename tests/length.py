"""How far a test goes: a short form for every change, a longer one for `./test --long`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

VARIABLE = "SUPPRESSION_TEST_LONG"
First = TypeVar("First")
Second = TypeVar("Second")


def long_run() -> bool:
    """Say whether this is a run of the longer forms. Every process of a run says the same."""
    return os.environ.get(VARIABLE) == "1"


def length(short: int, *, long: int) -> int:
    """Return how many rows, tries or examples a test takes in this run."""
    return long if long_run() else short


def chosen(values: Sequence[First], *, short: First) -> Sequence[First]:
    """Return all values in a long run, this one alone in a short one."""
    return values if long_run() else [short]


def pairs(firsts: Sequence[First], seconds: Sequence[Second]) -> list[tuple[First, Second]]:
    """Return every pair in a long run; in a short one each of `firsts` once, `seconds` in turn."""
    return [
        (first, second)
        for place, first in enumerate(firsts)
        for turn, second in enumerate(seconds)
        if long_run() or turn == place % len(seconds)
    ]
