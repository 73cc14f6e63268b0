"""Run a function in many threads at one time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

LIMIT = 60.0


def together(number: int, work: Callable[[int], Result]) -> list[Result]:
    """Run `work(0)`, `work(1)`, ... in `number` threads that start at once; return the results."""
    barrier = threading.Barrier(number)

    def wait_then_work(index: int) -> Result:
        barrier.wait(LIMIT)
        return work(index)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(wait_then_work, range(number)))
