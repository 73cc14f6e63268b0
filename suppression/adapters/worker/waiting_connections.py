"""Connections in the worker's main loop: waiting for a request, or for a slow reader."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass, field

from suppression.adapters.worker.request_bytes import RequestBytes
from suppression.adapters.worker.timed_sockets import TimedSocket


@dataclass(kw_only=True, slots=True)
class IncomingConnection:
    """A connection from which the main loop receives.

    `until` is when it is overdue, `since` when it began to wait; times are of the monotonic clock.
    """

    until: float
    latest: float = 0.0
    """The latest time at which the discarding of received bytes ends."""
    since: float = field(default_factory=time.monotonic)
    request: RequestBytes = field(default_factory=RequestBytes)
    in_body: bool = False
    discarded: int | None = None
    """How many bytes were discarded; None while a request is being received."""


@dataclass(kw_only=True, slots=True)
class OutgoingConnection:
    """A connection whose peer has not taken the whole response yet.

    `until` is when it is overdue, `since` when it began to wait; times are of the monotonic clock.
    `answered` is the future of the thread's work; its result is whether to keep the connection.
    """

    until: float
    sock: TimedSocket
    answered: Future[bool]
    since: float = field(default_factory=time.monotonic)
