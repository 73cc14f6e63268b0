"""How often Python looks for rings of objects that nobody holds any more."""

from __future__ import annotations

import gc

_NEW_OBJECTS = 50_000
"""Between two looks at the young: a batch of some thousand rows makes a million, none in a ring."""
_LOOKS = (20, 100)


def tune_gc() -> None:
    """Look rarely, and never again at what is there already: modules, statements, schemas.

    Python's own 700 makes it walk each batch dozens of times: a quarter of the time of a scrub.
    What is in no ring, so nearly everything, is freed as ever, when its last holder lets go.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *_LOOKS)
