"""The bytes of a request as they arrive, and whether a thread can read it without waiting."""

from __future__ import annotations

import re
from enum import Enum, auto

HEAD_LIMIT = 64 * 1024
"""Maximum bytes of request line and headers together."""
HELD_LIMIT = 256 * 1024
"""Maximum bytes of a body that the main loop holds until whole; a thread reads a longer one."""
MOST_IN_CHUNKS = 8 * HELD_LIMIT
"""Maximum bytes of a chunked body with its framing: a chunk of one byte takes six bytes."""
_MAX_CHUNK_LINE = 8190
_LINE_END = b"\r\n"
_HEAD_END = _LINE_END * 2
# Possessive: zeros are never retried as digits, so no line of zeros is scanned twice.
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*+0*+(\d*+)[ \t]*+\r\n", re.IGNORECASE)
_MAX_DIGITS = 18
"""Digits of a Content-Length that are read; any longer number is too large anyway."""
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]+)[ \t]*(?:;|$)")


class RequestProgress(Enum):
    """How much of a request has arrived."""

    HEAD_COMING = auto()
    BODY_COMING = auto()
    WHOLE = auto()
    LONG = auto()
    """The body is too long to be held, or so malformed that its reader will refuse it."""
    PADDED = auto()
    """The body is mostly chunk framing or trailers: a thread would wait for its content."""
    LINE_TOO_LONG = auto()
    HEAD_TOO_LONG = auto()


class RequestBytes:
    """The received bytes of one request, and perhaps the first bytes of the next request."""

    def __init__(self) -> None:
        """Start without any bytes."""
        self._raw = bytearray()
        self._searched = 0
        self._head = 0
        self._body_end: int | None = None
        self._next_chunk = 0
        self._in_chunks = 0
        self.waits_for_consent = False
        """Whether the main loop has to send `100 Continue`, for which the client waits."""

    def __len__(self) -> int:
        """Return how many bytes are held."""
        return len(self._raw)

    def add(self, received: bytes) -> RequestProgress:
        """Add received bytes; return how much of the request has arrived."""
        self._raw += received
        if not self._head:
            end = self._raw.find(_HEAD_END, self._searched)
            if end < 0:
                self._searched = max(0, len(self._raw) - len(_HEAD_END) + 1)
                return self._head_so_far()
            self._read_head(end + len(_HEAD_END))
        return self._body_so_far()

    def take(self) -> bytes:
        """Return a copy of all received bytes, even those after the request's end.

        An Expect header that the main loop answers is left out.
        """
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
            self._body_end = size + (int(length[1][:_MAX_DIGITS] or b"0") if length else 0)
        accepts_interim = head.partition(b"\r\n")[0].endswith(b"HTTP/1.1")
        if accepts_interim and (expect := _EXPECT.search(head)) and self._is_coming():
            # We send the interim response: gunicorn would send it only from a thread.
            del self._raw[expect.start() : expect.end()]
            removed = expect.end() - expect.start()
            self._head, self._next_chunk = self._head - removed, self._next_chunk - removed
            if self._body_end is not None:
                self._body_end -= removed
            self.waits_for_consent = True

    def _is_coming(self) -> bool:
        return self._body_so_far() is RequestProgress.BODY_COMING

    def _body_so_far(self) -> RequestProgress:
        if self._body_end is None:
            progress = self._chunks_so_far()
        elif len(self._raw) >= self._body_end:
            return RequestProgress.WHOLE
        else:
            progress = RequestProgress.BODY_COMING
        if progress is not RequestProgress.BODY_COMING:
            return progress
        if self._of_body() > HELD_LIMIT:
            return RequestProgress.LONG
        padded = len(self._raw) - self._head > MOST_IN_CHUNKS
        return RequestProgress.PADDED if padded else progress

    def _of_body(self) -> int:
        """Return the body's size in bytes: its Content-Length, or the size of its received chunks.

        Chunk framing is not counted: a thread can refuse too much content at once, but would wait
        for content of which only the framing has arrived.
        """
        if self._body_end is not None:
            return self._body_end - self._head
        missing = max(0, self._next_chunk - len(_LINE_END) - len(self._raw))
        return self._in_chunks - missing

    def _chunks_so_far(self) -> RequestProgress:
        """Return the progress of a chunked body: WHOLE if its last chunk and trailers have arrived.

        See RFC 9112 s7.1. Only sizes are examined here: the request's reader reports other faults.
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
        unread = len(self._raw) - self._next_chunk
        return RequestProgress.LONG if unread > _MAX_CHUNK_LINE else RequestProgress.BODY_COMING
