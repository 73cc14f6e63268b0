"""Hold a Ctrl-C until a handler is ready, so that none is lost while `./run` starts.

The script `run` starts Python with SIGINT blocked, where `env` can do that (GNU). Each program of
`./run` unblocks it once its handler is installed, and blocks it again before it becomes the next
program. So a Ctrl-C prints no trace.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_INTERRUPT = {signal.SIGINT}
EXIT_STATUS = 128 + signal.SIGINT


def hold_interrupts() -> None:
    """Block SIGINT: a Ctrl-C is held until `hear_interrupts` is called."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)


def hear_interrupts() -> None:
    """Unblock SIGINT: a held Ctrl-C is delivered now, a later Ctrl-C at once."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold any Ctrl-C until the `with` block has ended."""
    hold_interrupts()
    try:
        yield
    finally:
        hear_interrupts()
