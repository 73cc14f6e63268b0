"""A thread that gets a request as complete never waits for more of it, however it is framed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader
from hypothesis import given, settings, strategies

from suppression.adapters.worker.request_bytes import RequestBytes, RequestProgress

LINES = [
    *(b"Content-Length: " + length for length in (b"0", b"5", b"05", b"0" * 30 + b"5", b"9" * 25)),
    *(
        b"Content-Length:" + length
        for length in (b"\t5\t", b"+5", b"-5", b"5, 5", b"\xb2", b"5\x0b")
    ),
    *(name + b"5" for name in (b"content-LENGTH:", b"Content-Length :", b"Content_Length: ")),
    b" 5",
    b"\tfolded: chunked",
    *(b"Transfer-Encoding: " + c for c in (b"chunked", b"Chunked ", b"xchunked", b"identity")),
    *(b"Transfer-Encoding: " + c for c in (b"gzip, chunked", b"chunked, chunked", b"chunked;q=1")),
    b"Transfer-Encoding:chunked\x0b",
    b"Transfer-Encoding : chunked",
    b"Expect: 100-continue",
    b"Connection: Upgrade, keep-alive",
    b"Upgrade: h2c",
    b"X: a\nContent-Length: 5",
    b"X: a\rContent-Length: 5",
    b"X: a\r",
]
SIZES = [
    b"5",
    b"05",
    b"0" * 20 + b"5",
    b"f" * 20,
    b"5 ",
    b" 5",
    b"0x5",
    b"+5",
    b"5;a=b",
    b"-0",
    b"",
]
BODIES = [
    b"hello",
    b"hello\r\n0\r\n\r\n",
    b"0\r\n\r\n",
    b"0;a\r\n\r\n",
    b"00\r\nA: b\r\n\r\n",
    b"0\r\nA: b\r\n",
    b"0\n\n",
    b"",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
]
heads = strategies.builds(
    lambda start, first, lines, end: start + b"\r\n".join([first, *lines]) + end,
    strategies.sampled_from([b"", b"\r\n", b"\r\n\r\n", b"\n"]),
    strategies.sampled_from([b"POST / HTTP/1.1", b"HEAD / HTTP/1.0", b"GET / HTTP/1.1", b"x"]),
    strategies.lists(strategies.sampled_from(LINES), max_size=3),
    strategies.sampled_from([b"\r\n\r\n", b"\n\n", b"\r\n\n"]),
)
chunks = strategies.builds(
    lambda size, text: size + b"\r\n" + text,
    strategies.sampled_from(SIZES),
    strategies.sampled_from([b"hello\r\n", b"hello", b"hell\r\n", b"\r\n"]),
)
bodies = strategies.builds(
    lambda parts, last: b"".join(parts) + last,
    strategies.lists(chunks, max_size=2),
    strategies.sampled_from(BODIES),
)


class Received(Unreader):
    """A source of the received bytes only; `waited` tells whether the reader asked for more."""

    def __init__(self, received: bytes) -> None:
        super().__init__()
        self.parts: Iterator[bytes] = iter([received])
        self.waited = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        del size_hint
        part = next(self.parts, b"")
        self.waited = self.waited or not part
        return part


@given(head=heads, body=bodies)
@settings(max_examples=400)
def test_a_thread_never_waits_for_what_was_told_to_be_whole(head: bytes, body: bytes) -> None:
    coming = RequestBytes()
    if coming.add(head + body) is not RequestProgress.WHOLE:
        return
    received = Received(coming.take())
    with suppress(ParseException, OSError, StopIteration):
        request = Request(Config(), received, ("127.0.0.1", 1))
        assert request.body is not None
        request.body.read()
    assert not received.waited


@given(head=heads, body=bodies)
@settings(max_examples=400)
def test_a_small_body_is_left_to_a_thread_only_to_be_refused(head: bytes, body: bytes) -> None:
    coming = RequestBytes()
    if coming.add(head + body) is not RequestProgress.LONG:
        return
    received = Received(coming.take())
    with suppress(ParseException, OSError, StopIteration):
        request = Request(Config(), received, ("127.0.0.1", 1))
        assert request.body is not None
        request.body.read(16 << 10)
    declared = b"9" * 25 in head  # a long body indeed: nobody without a key has it read
    assert declared or not received.waited
