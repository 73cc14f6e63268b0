"""Every wait on a connection has a limit: for a byte, for a whole body, for a reader."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from suppression.adapters.worker import timed_sockets
from suppression.adapters.worker.timed_sockets import TimedSocket


@pytest.fixture
def ends() -> Iterator[tuple[TimedSocket, socket.socket]]:
    """Yield a connection as the service holds it, and the client's end of it."""
    own, other = socket.socketpair()
    timed = TimedSocket.of(own)
    timed.settimeout(None)
    with timed, other:
        yield timed, other


def test_a_pause_that_is_too_long_is_an_error(ends: tuple[TimedSocket, socket.socket]) -> None:
    timed, other = ends
    timed.expect(idle=0.05, whole=60)
    other.sendall(b"a")
    assert timed.recv(10) == b"a"
    with pytest.raises(TimeoutError):
        timed.recv(10)


def test_bytes_now_and_then_do_not_hold_it_for_ever(
    ends: tuple[TimedSocket, socket.socket],
) -> None:
    timed, other = ends
    timed.expect(idle=5, whole=0.3)
    ended = threading.Event()
    trickle = threading.Thread(target=send_slowly, args=(other, ended))
    trickle.start()
    began = time.monotonic()
    try:
        with pytest.raises(TimeoutError):
            list(iter(lambda: timed.recv(1), b""))
    finally:
        ended.set()
        trickle.join()
    assert time.monotonic() - began < 5


def test_what_this_service_does_in_between_does_not_count(
    ends: tuple[TimedSocket, socket.socket],
) -> None:
    timed, other = ends
    timed.expect(idle=5, whole=0.05)
    for _ in range(3):
        other.sendall(b"a")
        time.sleep(0.05)
        assert timed.recv(10) == b"a"


def test_a_body_that_comes_steadily_may_take_longer(
    ends: tuple[TimedSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed_sockets, "BYTES_PER_SECOND", 1)
    timed, other = ends
    timed.expect(idle=0.2, whole=0.01)
    for _ in range(5):
        other.sendall(b"aa")
        assert timed.recv(10) == b"aa"


def test_a_reader_who_takes_nothing_is_gone(
    ends: tuple[TimedSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed_sockets, "SEND_SECONDS", 0.05)
    timed, _ = ends
    timed.sendall(bytes(10 << 20))
    with pytest.raises(BrokenPipeError):
        timed.sendall(b"the next part")


def test_who_reads_late_gets_all_of_it_in_order(ends: tuple[TimedSocket, socket.socket]) -> None:
    timed, other = ends
    parts = [bytes([number]) * (1 << 20) for number in range(4)]
    received = bytearray()

    def read() -> None:
        while part := other.recv(1 << 16):
            received.extend(part)

    reader = threading.Thread(target=read)
    reader.start()
    for part in parts:
        timed.sendall(part)
    while timed.unsent:
        timed.send_rest()
    timed.shutdown(socket.SHUT_WR)
    reader.join(20)
    assert received == b"".join(parts)


def test_the_main_loop_never_waits(ends: tuple[TimedSocket, socket.socket]) -> None:
    timed, _ = ends
    timed.settimeout(0)
    with pytest.raises(BlockingIOError):
        timed.recv(1)


def send_slowly(other: socket.socket, ended: threading.Event) -> None:
    """Send a byte every 20 ms until `ended` is set."""
    while not ended.wait(0.02):
        other.sendall(b"a")
