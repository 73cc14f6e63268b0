"""Supervise the server and the worker of `./run`: both end together, a dead worker is restarted.

This is a program of its own: server and worker share no memory or connection with the program that
prepared var/.
"""

from __future__ import annotations

import ctypes
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import click

from suppression.cli.local.interrupts import hear_interrupts

_PROGRAMS = Path(sys.executable).parent
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SERVER = ("gunicorn", "--workers", "1", "--log-level", "warning")
_POLL_SECONDS = 0.2
_ANSWER_SECONDS = 5
_AGAIN_AFTER_SECONDS = 2
_PATIENCE_SECONDS = 20
"""How long to wait for a process to end: longer than gunicorn's graceful_timeout."""
_DIE_WITH_PARENT = 1
"""The option PR_SET_PDEATHSIG of prctl(2) on Linux."""


def main(descriptor: int, greeting: int) -> int:
    """Serve on the socket `descriptor` until a signal or the server's end; return the exit status.

    The text read from the descriptor `greeting` is printed once the service answers.
    """
    heard: list[int] = []
    for number in _ENDING:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # set by nohup
            signal.signal(number, lambda received, _: heard.append(received))
    hear_interrupts()
    with socket.socket(fileno=descriptor) as listener:
        port = listener.getsockname()[1]
        server = _spawn(*_SERVER, "--bind", f"fd://{descriptor}", passed=(descriptor,))
    worker = _spawn("flask", "worker")
    printer = _Greeting(greeting, port)
    while not heard and server.poll() is None:
        printer.once_it_serves()
        time.sleep(_POLL_SECONDS)
        if worker.poll() is not None and not heard:
            click.echo(f"The worker ended ({worker.returncode}); beginning it again.", err=True)
            time.sleep(_AGAIN_AFTER_SECONDS)
            worker = _spawn("flask", "worker")
    _end(worker, server)
    if heard:
        click.echo("Stopped.", err=True)
        return 0
    click.echo(f"The server ended ({server.returncode}); so does ./run.", err=True)
    return abs(server.returncode) or 1


class _Greeting:
    """A text that is printed once, as soon as /readyz answers 200."""

    def __init__(self, descriptor: int, port: int) -> None:
        """Read the text from a descriptor, and send a first request for /readyz to `port`."""
        with open(descriptor, encoding="utf-8") as file:
            self._words = file.read()
        self._port = port
        self._send_request()

    def once_it_serves(self) -> None:
        """Print the text once /readyz has answered 200; print nothing a second time.

        Return at once while no answer has come; after any other answer, send the request again.
        """
        if not self._words:
            return
        sock = self._connection.sock
        if sock and not select.select([sock], [], [], 0)[0]:
            return
        if self._can_work():
            click.echo(self._words, nl=False)
            sys.stdout.flush()
            self._words = ""
        else:
            self._send_request()

    def _send_request(self) -> None:
        self._connection = HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_SECONDS)
        with suppress(OSError):
            self._connection.request("GET", "/readyz")

    def _can_work(self) -> bool:
        with closing(self._connection), suppress(OSError, HTTPException):
            return self._connection.getresponse().status == HTTPStatus.OK
        return False


def _spawn(name: str, *arguments: str, passed: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """Start a program of our environment; it inherits the descriptors `passed`, and no stdin.

    A Ctrl-C at the terminal does not reach the new process, whose handler may not be installed yet:
    this process ends it instead.
    """
    return subprocess.Popen(  # noqa: S603 - our own programs
        [_PROGRAMS / name, *arguments],
        stdin=subprocess.DEVNULL,
        pass_fds=passed,
        process_group=0,
        preexec_fn=_end_with_parent(),  # noqa: PLW1509 - there is one thread
    )


def _end_with_parent() -> Callable[[], None] | None:
    """Return a function for a child to call, so that it ends when this program is killed.

    Return None on a system without PR_SET_PDEATHSIG.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def _end(*processes: subprocess.Popen[bytes]) -> None:
    """End the processes that still run, with SIGTERM, and after 20 seconds with SIGKILL."""
    for popen in processes:
        popen.terminate()
    until = time.monotonic() + _PATIENCE_SECONDS
    for process in processes:
        try:
            process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
