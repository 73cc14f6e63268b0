"""The server and the worker of `./run`: they end together, and a worker that died is begun again.

A program of its own, so that neither shares memory or a connection with what prepared them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

_PROGRAMS = Path(sys.executable).parent
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_LOOK_EVERY_SECONDS = 0.2
_AGAIN_AFTER_SECONDS = 2
_PATIENCE_SECONDS = 20
"""More than gunicorn's graceful_timeout."""
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux."""


def main(descriptor: int) -> int:
    """Serve on this socket until told to end, or until the server ends; its exit status."""
    heard: list[int] = []
    for number in _ENDING:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # by nohup
            signal.signal(number, lambda received, _: heard.append(received))
    bound = ("--workers", "1", "--bind", f"fd://{descriptor}")
    server = _begun("gunicorn", *bound, passed=(descriptor,))
    os.close(descriptor)
    worker = _begun("flask", "worker", apart=True)
    while not heard and server.poll() is None:
        time.sleep(_LOOK_EVERY_SECONDS)
        if worker.poll() is not None and not heard:
            click.echo(f"The worker ended ({worker.returncode}); beginning it again.", err=True)
            time.sleep(_AGAIN_AFTER_SECONDS)
            worker = _begun("flask", "worker", apart=True)
    if not heard:
        click.echo(f"The server ended ({server.returncode}); so does ./run.", err=True)
    _end(worker, server)
    return 0 if heard else abs(server.returncode) or 1


def _begun(
    name: str, *arguments: str, passed: tuple[int, ...] = (), apart: bool = False
) -> subprocess.Popen[bytes]:
    """A program of our environment, with the standard error of this one.

    `apart`: a key pressed at the terminal does not reach it, which might not listen yet.
    """
    return subprocess.Popen(  # noqa: S603 - our own programs
        [_PROGRAMS / name, *arguments],
        stdin=subprocess.DEVNULL,
        pass_fds=passed,
        process_group=0 if apart else None,
        preexec_fn=_end_with_parent(),  # noqa: PLW1509 - there is one thread
    )


def _end_with_parent() -> Callable[[], None] | None:
    """What has a child told to end when this program is killed; None where no system can."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def _end(*processes: subprocess.Popen[bytes]) -> None:
    """End those that are left: gently, then for certain."""
    for one in processes:
        one.terminate()
    until = time.monotonic() + _PATIENCE_SECONDS
    for one in processes:
        try:
            one.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
