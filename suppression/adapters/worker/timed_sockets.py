"""Connections whose every wait ends: for the next byte, for a whole body, for a reader.

A body may take `BODY_SECONDS`, and a second more for each `BYTES_PER_SECOND` that came: a slow
line finishes, who sends a byte now and then does not. Only the time spent waiting counts, never
that in which this service works on what came. No thread waits for a reader either, as long as
what he has not taken is less than `UNSENT_LIMIT`: the worker's main loop sends the rest.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from typing import Any, Self

IDLE_SECONDS = 10.0
BODY_SECONDS = 20.0
BYTES_PER_SECOND = 32 * 1024
_BLOCK = 1 << 18
SEND_SECONDS = 20.0
UNSENT_LIMIT = 1 << 20
"""Bytes of an answer in parts that wait for their reader; then the thread waits with them."""


class TimedSocket(socket.socket):
    """An accepted connection. `recv` raises TimeoutError once a wait is too long."""

    whole_request_came = False
    """Whether nothing is left to receive of the request that is answered."""
    unsent: bytearray
    """What its reader has not taken yet."""
    _idle = IDLE_SECONDS
    _left = BODY_SECONDS

    @classmethod
    def of(cls, accepted: socket.socket) -> Self:
        """Take over an accepted connection; the socket it came in is no longer of use."""
        kind = accepted.family, accepted.type, accepted.proto
        timed = cls(*kind, fileno=accepted.detach())
        timed.settimeout(0)
        timed.unsent = bytearray()
        return timed

    def expect(self, *, idle: float = IDLE_SECONDS, whole: float = BODY_SECONDS) -> None:
        """Begin to count for a body: `idle` seconds between two bytes, `whole` for all of it."""
        self._idle, self._left = idle, whole

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Receive up to `size` bytes; a socket that does not block never waits here."""
        allowed_by_others = self.gettimeout()
        if allowed_by_others == 0:
            return super().recv(size, flags)
        wait = min(self._idle, self._left, allowed_by_others or self._idle)
        if wait <= 0:
            raise TimeoutError
        self.settimeout(wait)
        began = time.monotonic()
        try:
            received = super().recv(size, flags)
        finally:
            self._left -= time.monotonic() - began
            self.settimeout(allowed_by_others)
        self._left += len(received) / BYTES_PER_SECOND
        return received

    def sendall(self, data: Any, flags: int = 0, /) -> None:  # noqa: ANN401 - any buffer
        """Send what is taken at once, and keep the rest for `send_rest`.

        BrokenPipeError for a reader who takes too little of what was kept before.
        """
        if len(self.unsent) > UNSENT_LIMIT:
            self._wait_for_reader()
        self.unsent += data
        self.send_rest(flags)

    def send_rest(self, flags: int = 0) -> int:
        """Send what is taken at once of what was kept; how much that was."""
        before, total = self.gettimeout(), 0
        self.settimeout(0)
        try:
            while self.unsent:
                with memoryview(self.unsent) as rest, rest[:_BLOCK] as block:
                    sent = self.send(block, flags)
                del self.unsent[:sent]
                total += sent
        except BlockingIOError:
            pass
        finally:
            self.settimeout(before)
        return total

    def _wait_for_reader(self) -> None:
        """Wait until little is kept: `SEND_SECONDS`, and more for what is taken meanwhile."""
        left = SEND_SECONDS
        while len(self.unsent) > UNSENT_LIMIT:
            began = time.monotonic()
            self._writable(max(0.0, left))
            left -= time.monotonic() - began
            left += self.send_rest() / BYTES_PER_SECOND
            if left <= 0:
                raise BrokenPipeError(errno.EPIPE, "the client does not read")

    def _writable(self, seconds: float) -> None:
        with selectors.DefaultSelector() as selector:  # select() knows no file above 1,023
            selector.register(self, selectors.EVENT_WRITE)
            selector.select(seconds)
