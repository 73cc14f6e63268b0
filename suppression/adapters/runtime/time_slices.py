"""Slicing of long work, so that other threads get the interpreter between two slices."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

SLICE_SECONDS = 0.005
_PAUSE_SECONDS = 0.0002
Item = TypeVar("Item")


def in_slices(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; after each 5 ms of work, pause for 0.2 ms before the next item."""
    slice_end = time.perf_counter() + SLICE_SECONDS
    for item in items:
        yield item
        if time.perf_counter() > slice_end:
            time.sleep(_PAUSE_SECONDS)
            slice_end = time.perf_counter() + SLICE_SECONDS
