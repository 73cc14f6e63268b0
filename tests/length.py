"""How far a test goes: a short form for every change, a longer one for `./test --long`."""

from __future__ import annotations

import os

VARIABLE = "SUPPRESSION_TEST_LONG"


def long_run() -> bool:
    """Say whether this is a run of the longer forms. Every process of a run says the same."""
    return os.environ.get(VARIABLE) == "1"


def length(short: int, *, long: int) -> int:
    """Return how many rows, tries or examples a test takes in this run."""
    return long if long_run() else short
