"""The tuning of Python's garbage collector, which frees objects in reference cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 50_000
"""New objects between two collections: a batch of rows makes a million, none in a cycle."""
_OLDER_GENERATIONS = (20, 100)


def tune_gc() -> None:
    """Make collections rare, and exempt the objects that exist now: modules, statements, schemas.

    By default Python collects every 700 new objects and scans each batch dozens of times, which was
    a quarter of the time of a scrub. Objects outside cycles, nearly all, are freed as before, with
    their last reference.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *_OLDER_GENERATIONS)


@contextmanager
def no_collections() -> Iterator[None]:
    """Disable garbage collection in the block, and enable it after the block.

    It is for loading modules, and saves a tenth of a start: modules, classes and functions stay as
    long as the process, so that no collection would free any.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
