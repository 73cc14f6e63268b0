"""Connections whose every wait ends: for the next byte, for a whole body, for a reader.

A body may take `BODY_SECONDS`, and a second more for each `BYTES_PER_SECOND` that came: a slow
line finishes, who sends a byte now and then does not. Only the time spent waiting counts, never
that in which this service works on what came.
"""

from __future__ import annotations

import errno
import socket
import time
from typing import Any, Self

IDLE_SECONDS = 10.0
BODY_SECONDS = 20.0
BYTES_PER_SECOND = 32 * 1024
SEND_SECONDS = 60.0


class TimedSocket(socket.socket):
    """An accepted connection. `recv` raises TimeoutError once a wait is too long."""

    whole_request_came = False
    """Whether nothing is left to receive of the request that is answered."""
    _idle = IDLE_SECONDS
    _left = BODY_SECONDS

    @classmethod
    def of(cls, accepted: socket.socket) -> Self:
        """Take over an accepted connection; the socket it came in is no longer of use."""
        kind = accepted.family, accepted.type, accepted.proto
        timed = cls(*kind, fileno=accepted.detach())
        timed.settimeout(0)
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
        """Send all of it; BrokenPipeError for a reader who does not take it in `SEND_SECONDS`."""
        before = self.gettimeout()
        self.settimeout(SEND_SECONDS)
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise BrokenPipeError(errno.EPIPE, "the client does not read") from None
        finally:
            self.settimeout(before)
