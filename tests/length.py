"""The lengths of tests: a short form for every change, a longer form for `./test --long`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

VARIABLE = "SUPPRESSION_TEST_LONG"
First = TypeVar("First")
Second = TypeVar("Second")


def long_run() -> bool:
    """Return whether this is a run of the longer forms, in any process of the run."""
    return os.environ.get(VARIABLE) == "1"


def length(short: int, *, long: int) -> int:
    """Return `long` in a run of the longer forms, else `short`: a number of rows, tries, ..."""
    return long if long_run() else short


def chosen(values: Sequence[First], *, short: First) -> Sequence[First]:
    """Return all values in a long run, only the value `short` in a short run."""
    return values if long_run() else [short]


def pairs(firsts: Sequence[First], seconds: Sequence[Second]) -> list[tuple[First, Second]]:
    """Return every pair in a long run; in a short run one pair for each of `firsts`.

    The second values of a short run take turns.
    """
    return [
        (first, second)
        for place, first in enumerate(firsts)
        for turn, second in enumerate(seconds)
        if long_run() or turn == place % len(seconds)
    ]
