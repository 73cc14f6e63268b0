"""A request counts as complete exactly at its last byte, however its bytes are split."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from suppression.adapters.worker.request_bytes import (
    HEAD_LIMIT,
    HELD_LIMIT,
    RequestBytes,
    RequestProgress,
)

HEAD = b"POST /stop/okwind HTTP/1.1\r\nHost: a\r\n"
WHOLE = [
    b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n",
    HEAD + b"content-length:  3 \r\n\r\nabc",
    HEAD + b"Content-Length: 0\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
    HEAD + b"Transfer-Encoding: gzip, Chunked\r\n\r\n0\r\nTrailer: x\r\nMore: y\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n",
]
COMING = [
    HEAD + b"Content-Length: 00000000000000000000100\r\n\r\nabc",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n00000000000000000064\r\nabc",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff;a=b\r\nabc",
]
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
A_BYTE = b"1;" + b"a" * 8000 + b"\r\nx\r\n"
PADDED = [
    CHUNKED + A_BYTE * 300,
    CHUNKED + A_BYTE * 300 + b"40000\r\nx",
    CHUNKED + b"1\r\nx\r\n0\r\n" + b"A: b\r\n" * 20_000,
]
LONG = [
    HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    HEAD + b"Content-Length: %d\r\n\r\n" % (HELD_LIMIT + 1),
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nno size\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 9000,
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n" + b"a" * (HELD_LIMIT + 1),
]


@given(request=strategies.sampled_from(WHOLE), sizes=strategies.lists(strategies.integers(1, 40)))
def test_a_request_is_whole_with_its_last_byte(request: bytes, sizes: list[int]) -> None:
    coming, left = RequestBytes(), request
    for size in [*sizes, *[1] * len(request)]:
        part, left = left[:size], left[size:]
        arrival = coming.add(part)
        if not left:
            break
        assert arrival in {RequestProgress.HEAD_COMING, RequestProgress.BODY_COMING}
    assert arrival is RequestProgress.WHOLE
    assert coming.take() == request


@pytest.mark.parametrize("request_bytes", LONG, ids=range(len(LONG)))
def test_what_is_too_long_or_no_body_is_left_to_a_thread(request_bytes: bytes) -> None:
    assert RequestBytes().add(request_bytes) is RequestProgress.LONG


@pytest.mark.parametrize("request_bytes", PADDED, ids=range(len(PADDED)))
def test_what_is_mostly_padding_is_never_left_to_a_thread(request_bytes: bytes) -> None:
    coming, arrival = RequestBytes(), RequestProgress.HEAD_COMING
    for start in range(0, len(request_bytes), 1 << 16):
        arrival = coming.add(request_bytes[start : start + (1 << 16)])
        if arrival is RequestProgress.PADDED:
            return
        assert arrival is RequestProgress.BODY_COMING
    assert arrival is RequestProgress.PADDED


def test_a_body_of_chunks_of_a_byte_is_held_like_any_other() -> None:
    body = b"1\r\nx\r\n" * HELD_LIMIT
    assert RequestBytes().add(CHUNKED + body) is RequestProgress.BODY_COMING
    assert RequestBytes().add(CHUNKED + body + b"0\r\n\r\n") is RequestProgress.WHOLE
    assert RequestBytes().add(CHUNKED + body + b"1\r\nx\r\n") is RequestProgress.LONG


@pytest.mark.parametrize("request_bytes", COMING, ids=range(len(COMING)))
def test_a_length_of_many_digits_is_still_a_length(request_bytes: bytes) -> None:
    assert RequestBytes().add(request_bytes) is RequestProgress.BODY_COMING


def test_a_head_without_an_end_is_refused() -> None:
    assert RequestBytes().add(b"GET /" + b"a" * HEAD_LIMIT) is RequestProgress.LINE_TOO_LONG
    assert RequestBytes().add(HEAD + b"X: " + b"a" * HEAD_LIMIT) is RequestProgress.HEAD_TOO_LONG


def test_who_waits_to_be_told_is_told_once() -> None:
    expecting = HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    coming = RequestBytes()
    assert coming.add(expecting) is RequestProgress.BODY_COMING
    assert coming.waits_for_consent
    assert coming.add(b"abc") is RequestProgress.WHOLE
    assert coming.take() == HEAD + b"Content-Length: 3\r\n\r\nabc"
    older = RequestBytes()
    older.add(expecting.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert not older.waits_for_consent


def test_what_follows_a_request_is_kept_with_it() -> None:
    both = WHOLE[1] + WHOLE[0]
    coming = RequestBytes()
    assert coming.add(both) is RequestProgress.WHOLE
    assert coming.take() == both
