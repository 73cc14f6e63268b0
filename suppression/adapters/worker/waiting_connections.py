"""Connections that a worker's main loop waits for: for a request, or for a reader."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass, field

from suppression.adapters.worker.request_bytes import RequestBytes
from suppression.adapters.worker.timed_sockets import TimedSocket


@dataclass(kw_only=True, slots=True)
class IncomingConnection:
    """A connection of which the main loop receives."""

    until: float
    latest: float = 0.0
    """When at the latest no more is thrown away."""
    since: float = field(default_factory=time.monotonic)
    request: RequestBytes = field(default_factory=RequestBytes)
    in_body: bool = False
    discarded: int | None = None
    """How much was thrown away; None while it is a request that is received."""


@dataclass(kw_only=True, slots=True)
class OutgoingConnection:
    """A connection whose reader has not taken the answer yet."""

    until: float
    sock: TimedSocket
    answered: Future[bool]
    since: float = field(default_factory=time.monotonic)
