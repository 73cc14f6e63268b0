"""Places for batches, and for files that are read or sent: for what may keep a thread.

One controller's may not take every thread, nor all controllers' together.

Why so: docs/decisions/0064-places-for-batches.md.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import AnyStr

from flask import Response, request, stream_with_context

from suppression.adapters.request_bytes import HELD_LIMIT
from suppression.domain.controllers import Controller
from suppression.domain.errors import RateLimitedError

LARGE = HELD_LIMIT
"""Bytes of a body from which on a batch is large; it is then read while a thread waits for it."""
_OWN = "{} of this controller's {}: send it again in a moment."
_ALL = "Too many {}: send it again in a moment."


class Places:
    """So many at once in one process for each controller, and so many for all of them."""

    def __init__(
        self, what: str, *, each: int, together: int, within: Places | None = None
    ) -> None:
        """`what` are counted and what is done to them, in the words of an answer.

        Whoever takes a place takes one of `within` too, where several kinds share the threads.
        """
        self.what, self.each, self.together, self.within = what, each, together, within
        self._taken: Counter[int] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, controller: Controller) -> Iterator[None]:
        """A place for the block; RateLimitedError where none is free."""
        within = self.within.taken(controller) if self.within else nullcontext()
        with within, self._one(controller):
            yield

    @contextmanager
    def _one(self, controller: Controller) -> Iterator[None]:
        with self._lock:
            if self._taken[controller.number] >= self.each:
                raise RateLimitedError(_OWN.format(self.each, self.what))
            if self._taken.total() >= self.together:
                raise RateLimitedError(_ALL.format(self.what))
            self._taken[controller.number] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[controller.number] -= 1
                self._taken += Counter()  # forgets controllers that have none


long_work = Places("batches and files are being worked on", each=5, together=6)
"""Batches and files of any kind: of 8 threads, two are never at one of them."""
batches = Places("batches are being answered", each=4, together=6, within=long_work)
large_batches = Places("large batches are being answered", each=2, together=4)
"""Of 8 threads, four are never at a large batch."""
files_sent = Places("files are being sent", each=2, together=3, within=long_work)
"""A file that is made as it is sent keeps its thread for as long as its reader takes."""
files_read = Places("files are being read", each=2, together=3, within=long_work)
"""A file is read for as long as its sender takes; a slow one of one controller bars no other's."""


@contextmanager
def batch_place(controller: Controller) -> Iterator[None]:
    """A place for the batch of this request, taken before its body is read."""
    length = request.content_length
    with ExitStack() as places:
        places.enter_context(batches.taken(controller))
        if length is None or length > LARGE:
            places.enter_context(large_batches.taken(controller))
        yield


def sent_in_parts(controller: Controller, lines: Iterator[str], *, content_type: str) -> Response:
    """A file that is made as it is sent, in a place of its own; RateLimitedError without one."""
    place = ExitStack()
    place.enter_context(files_sent.taken(controller))
    return sent_within(place, lines, content_type=content_type)


def sent_within(place: ExitStack, parts: Iterator[AnyStr], *, content_type: str) -> Response:
    """An answer in parts, in a place that was taken for it and is free once it was sent."""
    response = Response(stream_with_context(_until_sent(parts, place)), content_type=content_type)
    response.call_on_close(place.close)  # where nobody began to read it, too
    return response


def _until_sent(parts: Iterator[AnyStr], place: ExitStack) -> Iterator[AnyStr]:
    with place:
        yield from parts
