"""The tuning of Python's garbage collector, which frees objects in reference cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 50_000
"""New objects between two collections: a batch of rows makes a million, none in a cycle."""
_OLDER_GENERATIONS = (20, 100)


def tune_gc() -> None:
    """Collect only every 50,000 new objects, and never scan the objects that exist now.

    Call this once all modules are loaded. Objects outside reference cycles, nearly all, are freed
    as before, with their last reference.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *_OLDER_GENERATIONS)


@contextmanager
def no_collections() -> Iterator[None]:
    """Disable garbage collection during the block; enable it after the block in any case.

    It is for loading modules: these stay as long as the process, so no collection would free any.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
