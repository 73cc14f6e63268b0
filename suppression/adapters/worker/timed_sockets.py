"""Sockets that limit every wait: for the next byte, for a whole body, and for a slow reader.

A body may take `BODY_SECONDS`, and a second more for each `BYTES_PER_SECOND` received: a slow but
steady client finishes, a client that sends a byte now and then does not. Only time spent waiting
counts, not the service's own work. A thread waits for a slow reader only if more than
`UNSENT_LIMIT` bytes are unsent: otherwise the worker's main loop sends the rest.
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
"""Unsent bytes of a response above which the thread waits for the reader before it sends more."""


class TimedSocket(socket.socket):
    """An accepted connection. `recv` raises TimeoutError once a wait is too long."""

    whole_request_came = False
    """Whether the request that is being answered was received whole."""
    unsent: bytearray
    """The bytes that the peer has not taken yet."""
    _idle = IDLE_SECONDS
    _left = BODY_SECONDS

    @classmethod
    def of(cls, accepted: socket.socket) -> Self:
        """Return a non-blocking socket that takes over `accepted`, which is unusable afterwards."""
        kind = accepted.family, accepted.type, accepted.proto
        timed = cls(*kind, fileno=accepted.detach())
        timed.settimeout(0)
        timed.unsent = bytearray()
        return timed

    def expect(self, *, idle: float = IDLE_SECONDS, whole: float = BODY_SECONDS) -> None:
        """Start the limits for a body: `idle` seconds for each wait, `whole` for all together.

        All waits together may take a second more for each 32 KiB received.
        """
        self._idle, self._left = idle, whole

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Receive up to `size` bytes; return b'' if the peer has closed.

        Raise TimeoutError once the wait is too long; on a non-blocking socket, raise
        BlockingIOError if nothing has arrived.
        """
        timeout = self.gettimeout()
        if timeout == 0:
            return super().recv(size, flags)
        wait = min(self._idle, self._left, timeout or self._idle)
        if wait <= 0:
            raise TimeoutError
        self.settimeout(wait)
        started = time.monotonic()
        try:
            received = super().recv(size, flags)
        finally:
            self._left -= time.monotonic() - started
            self.settimeout(timeout)
        self._left += len(received) / BYTES_PER_SECOND
        return received

    def sendall(self, data: Any, flags: int = 0, /) -> None:  # noqa: ANN401 - any buffer
        """Send what the peer takes at once, and keep the rest for `send_rest`.

        Wait for the peer only while more than 1 MiB is kept from before; raise BrokenPipeError if
        the peer takes that too slowly, OSError if the connection is lost.
        """
        if len(self.unsent) > UNSENT_LIMIT:
            self._wait_for_reader()
        self.unsent += data
        self.send_rest(flags)

    def send_rest(self, flags: int = 0) -> int:
        """Send the unsent bytes that the peer takes at once; return their number.

        Raise OSError if the connection is lost.
        """
        timeout, total = self.gettimeout(), 0
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
            self.settimeout(timeout)
        return total

    def _wait_for_reader(self) -> None:
        """Wait until at most `UNSENT_LIMIT` bytes are unsent.

        Raise BrokenPipeError if the peer is too slow: it gets `SEND_SECONDS`, and a second more for
        each `BYTES_PER_SECOND` that it takes.
        """
        remaining = SEND_SECONDS
        while len(self.unsent) > UNSENT_LIMIT:
            started = time.monotonic()
            self._writable(max(0.0, remaining))
            remaining -= time.monotonic() - started
            remaining += self.send_rest() / BYTES_PER_SECOND
            if remaining <= 0:
                raise BrokenPipeError(errno.EPIPE, "the client does not read")

    def _writable(self, seconds: float) -> None:
        with selectors.DefaultSelector() as selector:  # select() knows no file above 1,023
            selector.register(self, selectors.EVENT_WRITE)
            selector.select(seconds)
