"""Long work in slices: between two of them whoever waits for the interpreter gets it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

SLICE_SECONDS = 0.005
_PAUSE_SECONDS = 0.0002
Item = TypeVar("Item")


def in_slices(items: Iterable[Item]) -> Iterator[Item]:
    """The items, with a pause after each `SLICE_SECONDS` of work on them."""
    ends = time.perf_counter() + SLICE_SECONDS
    for item in items:
        yield item
        if time.perf_counter() > ends:
            time.sleep(_PAUSE_SECONDS)
            ends = time.perf_counter() + SLICE_SECONDS
