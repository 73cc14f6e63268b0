"""Send a stream of stops and checks from several threads, and record the answers and times."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from tests.e2e.caller import Caller
from tests.e2e.people import KINDS, target
from tests.launching import eventually

STOPPERS = 4
FREE = 1_000_000  # targets from here on are never stopped
LIMIT = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """A request and its answer; status 0 if the connection broke, decision "" for a stop."""

    number: int
    began: float
    ended: float
    status: int
    decision: str = ""


class Stream:
    """The requests that were sent and answered until now; several threads append to its lists."""

    def __init__(self, caller: Caller) -> None:
        self.stops: list[Answered] = []
        self.checks: list[Answered] = []
        self._caller = caller
        self._numbers = itertools.count()
        self._ended = threading.Event()

    def acknowledged(self) -> list[int]:
        """Return the numbers whose stop was answered with 2xx."""
        return [answered.number for answered in list(self.stops) if answered.status in {200, 201}]

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds; fail after LIMIT seconds."""
        assert eventually(condition, LIMIT)

    def end(self) -> None:
        """Stop sending."""
        self._ended.set()

    def send_stops(self) -> None:
        """Send stops of new targets until the stream ends."""
        while not self._ended.is_set():
            number = next(self._numbers)
            _, kind, value = target(number)
            self.stops.append(_answered(number, lambda: self._caller.stop(kind, value)))  # noqa: B023

    def send_checks(self) -> None:
        """Send checks until the stream ends, in turn of a stopped target and one never stopped."""
        for turn in itertools.count():
            if self._ended.is_set():
                return
            known = self.acknowledged()
            number = known[turn % len(known)] if known and turn % 2 else FREE + turn % 100
            channel, _, value = target(number)
            self.checks.append(_answered(number, lambda: self._caller.check(channel, value)))  # noqa: B023


@contextmanager
def streaming(caller: Caller, *, checkers: int = 0) -> Iterator[Stream]:
    """Run a stream of stops, and checks from `checkers` threads, until the block ends."""
    stream = Stream(caller)
    with ThreadPoolExecutor(STOPPERS + checkers) as threads:
        running = [threads.submit(stream.send_stops) for _ in range(STOPPERS)]
        running += [threads.submit(stream.send_checks) for _ in range(checkers)]
        try:
            yield stream
        finally:
            stream.end()
        for future in running:
            future.result()


def _answered(number: int, send: Callable[[], requests.Response]) -> Answered:
    began = time.monotonic()
    try:
        response = send()
    except requests.RequestException:
        return Answered(number=number, began=began, ended=time.monotonic(), status=0)
    body = response.json()
    return Answered(
        number=number,
        began=began,
        ended=time.monotonic(),
        status=response.status_code,
        decision=body.get("decision", ""),
    )


def not_denied(caller: Caller, numbers: list[int]) -> list[int]:
    """Return the numbers of the targets that a check does not deny."""
    assert numbers
    wrong: list[int] = []
    for kind in range(KINDS):
        of_a_channel = [number for number in numbers if number % KINDS == kind]
        targets = [target(number) for number in of_a_channel]
        letters = caller.letters(targets[0].channel, [target.value for target in targets])
        wrong += [
            target for target, letter in zip(of_a_channel, letters, strict=True) if letter != "D"
        ]
    return wrong
