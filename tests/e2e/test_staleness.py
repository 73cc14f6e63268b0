"""A stop that one process has acknowledged denies in every other process at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.databases import BACKENDS, SQLITE
from tests.e2e.caller import Caller
from tests.e2e.conftest import Call, Serve
from tests.e2e.people import target
from tests.e2e.streams import not_denied
from tests.length import length

TRIES = length(400, long=20_000)
THREADS = 4
WRITERS = 2
BATCH = 40
PACE = 0.05  # seconds between one writer's rounds: they are there to disturb, not to fill the CPU
SQLITE_TRIES = max(TRIES // 10, THREADS * BATCH)  # one writer at a time, and each waits for a disk


@pytest.mark.timeout(60 + TRIES // 20)
@pytest.mark.parametrize("backend", BACKENDS)
def test_after_a_stop_is_acknowledged_no_other_process_allows(
    backend: str, serve: Serve, call: Call
) -> None:
    tries = SQLITE_TRIES if backend == SQLITE else TRIES
    both = call(serve().url), call(serve().url)
    with _writers(both), ThreadPoolExecutor(THREADS) as threads:
        allowed = list(threads.map(lambda thread: _tries(both, thread, tries), range(THREADS)))
    assert allowed == [[]] * THREADS


def _tries(both: tuple[Caller, Caller], thread: int, tries: int) -> list[int]:
    """Stop and check a thread's share of targets; return those not denied after their stop."""
    wrong: list[int] = []
    mine = range(thread * tries // THREADS, (thread + 1) * tries // THREADS)
    for turn, number in enumerate(mine):
        caller, other = both if turn % 2 else reversed(both)
        channel, kind, value = target(number)
        if turn % 5 == 0:  # an answer that the process could cache
            assert other.decision(channel, value) == "allow"
        assert caller.stop(kind, value).status_code == 201
        if other.decision(channel, value) != "deny":
            wrong.append(number)
        if turn % BATCH == BATCH - 1:
            wrong += not_denied(other, list(mine[turn - BATCH + 1 : turn + 1]))
    return wrong


@contextmanager
def _writers(both: tuple[Caller, Caller]) -> Iterator[None]:
    """Send stops and releases of other targets during the block."""
    ended = threading.Event()

    def write(writer: int) -> None:
        number = 10_000_000 * (writer + 1)
        while not ended.wait(PACE):
            number += 1
            channel, kind, value = target(number)
            assert both[number % 2].stop(kind, value).status_code == 201
            assert both[writer].release(kind, value).status_code == 200
            assert both[number % 2].decision(channel, value) == "allow"

    with ThreadPoolExecutor(WRITERS) as threads:
        running = [threads.submit(write, writer) for writer in range(WRITERS)]
        try:
            yield
        finally:
            ended.set()
        for future in running:
            future.result()
