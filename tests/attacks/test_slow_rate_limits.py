"""If Redis is slow or silent, limits are counted without it, and no thread waits for it."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TypeVar

import pytest

from suppression.adapters.runtime import rate_limiter as rate_windows
from suppression.adapters.runtime.rate_limiter import Limit, RateLimiter
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.databases import Database
from tests.redis_server import redis_server

Result = TypeVar("Result")
THREADS, EACH = 8, 12
SLOW_SECONDS = 0.3
"""The delay of each answer of Redis in seconds, too short for a time-out."""


def test_no_check_goes_on_waiting_for_a_slow_redis(database: Database, api: Api) -> None:
    with redis_server() as redis, delayed(redis.port) as (port, answers):
        url = f"redis://127.0.0.1:{port}/0"
        app = create_app(dataclasses.replace(database.settings(), rate_limit_storage=url))

        def check_some(_: int) -> list[str]:
            caller = Api(app, api.key, api.seen)
            return [caller.decision("email", "jean.dupont@example.fr") for _ in range(EACH)]

        _, decisions = timed(check_some)
    assert {decision for some in decisions for decision in some} == {"allow"}
    assert len(answers) < THREADS * EACH, "each check waited for three of them"


def test_one_request_alone_looks_whether_a_silent_redis_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_windows, "_AWAY_SECONDS", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        windows = RateLimiter(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        limit = Limit(amount=100, seconds=60)
        windows.count("a", limit)
        took, counted = timed(lambda _: windows.count("a", limit).count)
    assert sorted(counted) == list(range(2, 2 + THREADS)), "all of them are counted here"
    assert sum(seconds > 0.6 for seconds in took) < THREADS / 2


def timed(work: Callable[[int], Result]) -> tuple[list[float], list[Result]]:
    """Run `work` in THREADS threads at once; return the seconds and the result of each."""
    together = threading.Barrier(THREADS)

    def check(number: int) -> tuple[float, Result]:
        together.wait()
        began = time.monotonic()
        result = work(number)
        return time.monotonic() - began, result

    with ThreadPoolExecutor(THREADS) as threads:
        done = list(threads.map(check, range(THREADS)))
    return [seconds for seconds, _ in done], [result for _, result in done]


@contextmanager
def delayed(behind: int) -> Iterator[tuple[int, list[int]]]:
    """Run a relay to the port `behind` that delays each answer.

    Yield its port and a list that collects the sizes of the answers.
    """
    answers: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ends = (listening, behind, answers)
        threading.Thread(target=_relay_all, args=ends, daemon=True).start()
        yield int(listening.getsockname()[1]), answers


def _relay_all(listening: socket.socket, behind: int, answers: list[int]) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            server = socket.create_connection(("127.0.0.1", behind))
            threading.Thread(target=_relay, args=(client, server), daemon=True).start()
            ends = (server, client, answers)
            threading.Thread(target=_relay, args=ends, daemon=True).start()


def _relay(source: socket.socket, target: socket.socket, answers: list[int] | None = None) -> None:
    with source, target, suppress(OSError):
        while data := source.recv(1 << 16):
            if answers is not None:
                answers.append(len(data))
                time.sleep(SLOW_SECONDS)
            target.sendall(data)
