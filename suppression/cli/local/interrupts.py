"""Hold a Ctrl-C while `./run` starts until a handler is ready: it is not lost and prints no trace.

`run` starts Python with SIGINT blocked. Each program of `./run` unblocks it once its handler is
installed, and blocks it again before it becomes the next program.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_INTERRUPT = {signal.SIGINT}
EXIT_STATUS = 128 + signal.SIGINT


def hold_interrupts() -> None:
    """Hold a Ctrl-C from now on until `hear_interrupts` is called."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)


def hear_interrupts() -> None:
    """Deliver a held Ctrl-C, and any later one at once."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Run the block to its end before a Ctrl-C is delivered."""
    hold_interrupts()
    try:
        yield
    finally:
        hear_interrupts()
