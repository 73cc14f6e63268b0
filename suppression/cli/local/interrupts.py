"""Ctrl-C while `./run` starts: kept until somebody listens, so that it is neither lost nor a trace.

`run` starts Python with SIGINT blocked. Each program of `./run` hears it when its handler stands,
and blocks it again before it becomes the next one.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_INTERRUPT = {signal.SIGINT}
EXIT_STATUS = 128 + signal.SIGINT


def hold_interrupts() -> None:
    """Keep a Ctrl-C from now on until somebody hears it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)


def hear_interrupts() -> None:
    """Hear it from now on, and the one that was kept."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What must be done whole: a Ctrl-C is heard at its end."""
    hold_interrupts()
    try:
        yield
    finally:
        hear_interrupts()
