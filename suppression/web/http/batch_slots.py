"""Slots that limit how many threads batches, file uploads and file downloads occupy at once.

Neither one controller nor all controllers together may occupy every thread with such work.

Reasons: docs/decisions/0064-places-for-batches.md.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import AnyStr

from flask import Response, request, stream_with_context

from suppression.adapters.worker.request_bytes import HELD_LIMIT
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import RateLimitedError

LARGE = HELD_LIMIT
"""Bytes of a body above which a batch is large: a thread waits while that body is received."""
_OWN = "{} of this controller's {}: send it again in a moment."
_ALL = "Too many {}: send it again in a moment."


class BatchSlots:
    """Limits of concurrent work in one process, per controller and in total."""

    def __init__(
        self, what: str, *, each: int, together: int, within: BatchSlots | None = None
    ) -> None:
        """Allow `each` slots per controller, `together` in total; `what` names the work in errors.

        If `within` is given, each slot also occupies a slot of `within`, a limit that several kinds
        of work share.
        """
        self.what, self.each, self.together, self.within = what, each, together, within
        self._taken: Counter[int] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, controller: Controller) -> Iterator[None]:
        """Hold a slot of `controller` for the block. Raises RateLimitedError if no slot is free."""
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
                self._taken += Counter()  # removes controllers without slots


long_work = BatchSlots("batches and files are being worked on", each=5, together=6)
"""Batches and files of any kind: at most 6 of a process's 8 threads work on them."""
batches = BatchSlots("batches are being answered", each=4, together=6, within=long_work)
large_batches = BatchSlots("large batches are being answered", each=2, together=4)
"""Large batches: at most 4 of a process's 8 threads work on them."""
files_sent = BatchSlots("files are being sent", each=2, together=3, within=long_work)
"""Files generated while they are sent: a slow reader occupies a thread to the file's end."""
files_read = BatchSlots("files are being read", each=2, together=3, within=long_work)
"""Uploaded files: a slow sender occupies a thread. One controller alone cannot take all slots."""


@contextmanager
def batch_slot(controller: Controller) -> Iterator[None]:
    """Hold a slot of `batches` for the block; enter the block before reading the body.

    A body of more than LARGE bytes, or without Content-Length, also takes a slot of
    `large_batches`. Raises RateLimitedError if a slot that is needed is not free.
    """
    length = request.content_length
    with ExitStack() as places:
        places.enter_context(batches.taken(controller))
        if length is None or length > LARGE:
            places.enter_context(large_batches.taken(controller))
        yield


def sent_in_parts(controller: Controller, lines: Iterator[str], *, content_type: str) -> Response:
    """Take a slot of `files_sent` for `controller`; return a response that streams `lines`.

    The slot is freed once the response is sent or abandoned. Raises RateLimitedError if no slot is
    free.
    """
    place = ExitStack()
    place.enter_context(files_sent.taken(controller))
    return sent_within(place, lines, content_type=content_type)


def sent_within(place: ExitStack, parts: Iterator[AnyStr], *, content_type: str) -> Response:
    """Return a response that streams `parts`.

    `place`, which holds the slot of the response, is closed once the response is sent or abandoned.
    """
    response = Response(stream_with_context(_until_sent(parts, place)), content_type=content_type)
    response.call_on_close(place.close)  # also if nobody reads the response
    return response


def _until_sent(parts: Iterator[AnyStr], place: ExitStack) -> Iterator[AnyStr]:
    with place:
        yield from parts
