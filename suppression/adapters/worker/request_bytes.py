"""The bytes of one request as they come: whether a thread could read it without waiting."""

from __future__ import annotations

import re
from enum import Enum, auto

HEAD_LIMIT = 64 * 1024
"""Bytes of request line and headers together."""
HELD_LIMIT = 256 * 1024
"""Bytes of a body that are held until it is whole. A longer one is read as it comes."""
MOST_IN_CHUNKS = 8 * HELD_LIMIT
"""Bytes of a body that comes in chunks, with all that stands between them: one a byte takes six."""
_LONGEST_CHUNK_LINE = 8190
_LINE_END = b"\r\n"
_HEAD_END = _LINE_END * 2
# Possessive: zeros are never tried again as digits, so that no line of them is read twice.
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*+0*+(\d*+)[ \t]*+\r\n", re.IGNORECASE)
_MOST_DIGITS = 18
"""Of a length that matters. A longer one is only too long, whatever it is."""
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]+)[ \t]*(?:;|$)")


class RequestProgress(Enum):
    """How much of a request has come."""

    HEAD_COMING = auto()
    BODY_COMING = auto()
    WHOLE = auto()
    LONG = auto()
    """Its body is too long to be held, or so wrong that whoever reads it refuses it."""
    PADDED = auto()
    """It is mostly what stands between or behind its chunks: a thread would wait for its body."""
    LINE_TOO_LONG = auto()
    HEAD_TOO_LONG = auto()


class RequestBytes:
    """What has come of one request, and maybe of the next one behind it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._raw = bytearray()
        self._searched = 0
        self._head = 0
        self._body_end: int | None = None
        self._next_chunk = 0
        self._in_chunks = 0
        self.waits_for_consent = False
        """Whether the client waits for `100 Continue` before it sends the body."""

    def __len__(self) -> int:
        """How many bytes are held."""
        return len(self._raw)

    def add(self, received: bytes) -> RequestProgress:
        """Add what was received, and say what is missing."""
        self._raw += received
        if not self._head:
            end = self._raw.find(_HEAD_END, self._searched)
            if end < 0:
                self._searched = max(0, len(self._raw) - len(_HEAD_END) + 1)
                return self._head_so_far()
            self._read_head(end + len(_HEAD_END))
        return self._body_so_far()

    def take(self) -> bytes:
        """Everything that came."""
        return bytes(self._raw)

    def _head_so_far(self) -> RequestProgress:
        if len(self._raw) <= HEAD_LIMIT:
            return RequestProgress.HEAD_COMING
        line_ended = self._raw.find(b"\r\n", 0, HEAD_LIMIT) >= 0
        return RequestProgress.HEAD_TOO_LONG if line_ended else RequestProgress.LINE_TOO_LONG

    def _read_head(self, size: int) -> None:
        head = bytes(self._raw[:size])
        self._head = self._next_chunk = size
        if not _CHUNKED.search(head):
            length = _LENGTH.search(head)
            self._body_end = size + (int(length[1][:_MOST_DIGITS] or b"0") if length else 0)
        takes_interim = head.partition(b"\r\n")[0].endswith(b"HTTP/1.1")
        if takes_interim and (expect := _EXPECT.search(head)) and self._is_coming():
            # We answer it, so that the server need not: it would only once a thread is taken.
            del self._raw[expect.start() : expect.end()]
            moved = expect.end() - expect.start()
            self._head, self._next_chunk = self._head - moved, self._next_chunk - moved
            if self._body_end is not None:
                self._body_end -= moved
            self.waits_for_consent = True

    def _is_coming(self) -> bool:
        return self._body_so_far() is RequestProgress.BODY_COMING

    def _body_so_far(self) -> RequestProgress:
        if self._body_end is None:
            arrival = self._chunks_so_far()
        elif len(self._raw) >= self._body_end:
            return RequestProgress.WHOLE
        else:
            arrival = RequestProgress.BODY_COMING
        if arrival is not RequestProgress.BODY_COMING:
            return arrival
        if self._of_body() > HELD_LIMIT:
            return RequestProgress.LONG
        padded = len(self._raw) - self._head > MOST_IN_CHUNKS
        return RequestProgress.PADDED if padded else arrival

    def _of_body(self) -> int:
        """How many bytes the body has: as its length says, or those of its chunks that have come.

        What stands between chunks is none of it: whoever takes a public form refuses a long body,
        but would wait for one of which nothing but this has come.
        """
        if self._body_end is not None:
            return self._body_end - self._head
        missing = max(0, self._next_chunk - len(_LINE_END) - len(self._raw))
        return self._in_chunks - missing

    def _chunks_so_far(self) -> RequestProgress:
        """Whether the last chunk and its trailers have come.

        RFC 9112 s7.1. Sizes alone are looked at: what is wrong with them is told by who reads it.
        """
        while (end := self._raw.find(_LINE_END, self._next_chunk)) >= 0:
            line = bytes(self._raw[self._next_chunk : end])
            chunk = _CHUNK_SIZE.match(line)
            if not chunk:
                return RequestProgress.LONG
            size = int(chunk[1], 16)
            if size == 0:
                if self._raw.find(_HEAD_END, end) >= 0:
                    return RequestProgress.WHOLE
                trailers = len(self._raw) - end
                return (
                    RequestProgress.PADDED if trailers > HEAD_LIMIT else RequestProgress.BODY_COMING
                )
            self._in_chunks += size
            self._next_chunk = end + 2 * len(_LINE_END) + size
        behind = len(self._raw) - self._next_chunk
        return RequestProgress.LONG if behind > _LONGEST_CHUNK_LINE else RequestProgress.BODY_COMING
