"""Connections that once ended a worker and all its requests, sent to the real worker class."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from suppression.adapters.worker.request_bytes import HELD_LIMIT
from tests.launching import PROJECT, free_port, launched

CONFIGURATION = """
import resource
from suppression.adapters.worker import worker_class as gathering_worker
worker_class = "suppression.adapters.worker.worker_class.GatheringWorker"
threads = 8
graceful_timeout = 3
control_socket_disable = True
def post_worker_init(worker):
    gathering_worker._MOST_HELD = {held}
    resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))
"""
APPLICATION = """
def broken():
    yield b"half an "
    raise RuntimeError
def app(environ, start_response):
    if environ["PATH_INFO"] == "/broken":
        start_response("200 OK", [("Content-Length", "14")])
        return broken()
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Length", "300000")])
        return [b"a" * 300000]
    length = str(len(environ["wsgi.input"].read())).encode()
    start_response("200 OK", [("Content-Length", str(len(length)))])
    return [length]
"""
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
FILES = 60
ASKED = 20

Server = tuple[int, Path]
"""The port and the log file of a server."""


@contextmanager
def served(folder: Path, *, held: int = 64 << 20, files: int = 1000) -> Iterator[Server]:
    """Run one worker that holds at most `held` bytes and opens at most `files` files."""
    (folder / "conf.py").write_text(CONFIGURATION.format(held=held, files=files))
    (folder / "small.py").write_text(APPLICATION)
    port = free_port()
    program = (sys.executable, "-m", "gunicorn", "-c", "conf.py", "-b", f"127.0.0.1:{port}")
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), "TMPDIR": str(folder)}
    with launched(
        [*program, "small:app"], folder / "log", environ=environ, folder=folder
    ) as started:
        started.wait_for(lambda: answers(port) != b"")
        yield port, started.log


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 20)


def answers(port: int, request: bytes = GET) -> bytes:
    """Return the beginning of the answer to a request, b"" if there is none."""
    with suppress(OSError), connected(port) as connection:
        connection.sendall(request)
        return connection.recv(1 << 16)
    return b""


def booted(log: Path) -> int:
    """Return how many workers were started."""
    return log.read_text().count("Booting worker")


def half_an_answer(port: int, _held: ExitStack) -> None:
    for _ in range(20):
        assert answers(port, GET.replace(b"/ ", b"/broken ")).startswith(b"HTTP/1.1 200")


def more_connections_than_files(port: int, held: ExitStack) -> None:
    for _ in range(2 * FILES):
        held.enter_context(connected(port))


@pytest.mark.parametrize("attack", [half_an_answer, more_connections_than_files])
def test_nothing_that_a_connection_does_ends_the_worker(
    tmp_path: Path, attack: Callable[[int, ExitStack], None]
) -> None:
    with served(tmp_path, files=FILES) as (port, log), ExitStack() as held:
        attack(port, held)
        began = time.monotonic()
        assert answers(port).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 8, "it answers at once, not once the others gave up"
        assert booted(log) == 1


def test_who_never_reads_holds_no_thread(tmp_path: Path) -> None:
    """Eight connections that requested large answers without reading once blocked a worker."""
    with served(tmp_path) as (port, log), ExitStack() as held:
        deaf = [held.enter_context(unread(port)) for _ in range(16)]
        time.sleep(0.5)
        began = time.monotonic()
        assert answers(port).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 8
        read = b"".join(iter(lambda: deaf[0].recv(1 << 16), b""))
        assert read.count(b"HTTP/1.1 200") == ASKED
        assert read.count(b"a" * 300_000) == ASKED, "who reads late still gets all of it"
        assert booted(log) == 1


def test_a_stopping_worker_waits_for_no_reader(tmp_path: Path) -> None:
    with ExitStack() as held:
        with served(tmp_path) as (port, _):
            held.enter_context(unread(port))
            time.sleep(0.3)
            began = time.monotonic()
        assert time.monotonic() - began < 15


def unread(port: int) -> socket.socket:
    """Return a connection that requested large answers and has no room to receive one."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", port))
    last = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    requests_ = [GET] * (ASKED - 1) + [last]
    connection.sendall(b"".join(requests_).replace(b"/ ", b"/large "))
    return connection


def test_who_fills_what_is_held_keeps_no_small_request_out(tmp_path: Path) -> None:
    """At the exact limit, a large request is refused, and not a request of a few bytes."""
    most = 2 * HELD_LIMIT
    head = POST % (HELD_LIMIT - 10)
    with served(tmp_path, held=most) as (port, _), ExitStack() as held:
        large = [held.enter_context(connected(port)) for _ in range(2)]
        for connection in large:
            connection.sendall(head + b"a" * (HELD_LIMIT - 20))
        filler = held.enter_context(connected(port))
        head = POST % 100
        filler.sendall(
            head + b"a" * (most - 2 * (HELD_LIMIT - 20 + len(POST % HELD_LIMIT)) - len(head))
        )
        time.sleep(0.5)
        with connected(port) as small:
            small.sendall(POST % 5)
            time.sleep(0.3)
            small.sendall(b"a" * 5)
            assert small.recv(1 << 16).startswith(b"HTTP/1.1 200")
        refused = [connection.recv(100) for connection in large[:1]]
        assert refused[0].startswith(b"HTTP/1.1 503 ")
