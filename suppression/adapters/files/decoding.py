"""A file's bytes as blocks of whole lines: unpacked, and put into UTF-8 where they are UTF-16.

Read once, from the front, in constant memory: what is read may be an HTTP body, and never stands
on a disk. Lines end with LF, CR LF or CR.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Protocol

from suppression.domain.errors import BodyTooLargeError, InvalidValueError
from suppression.domain.well_formed import well_formed

LONGEST_LINE = 1 << 20
"""Bytes. What is longer is no row of contacts: CUT_LINE stands in its place."""
CUT_LINE = b"\0\n"
MOST_BYTES = 1 << 36
_BLOCK = 1 << 18
_GZIP = b"\x1f\x8b"
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of Excel and LibreOffice begin, and every zip."""
_NO_TEXT = "This is a spreadsheet or a zip: save the sheet as CSV, or pack the text with gzip."
_LINE_END = re.compile(rb"\r\n?|\n")
_MOST_TIMES = 200
_ALWAYS_TAKEN = 1 << 24
# Contacts shrink to a tenth. What grows so much more is made to do harm (deflate does 1,032).
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

Seen = Callable[[bytes], None]
"""Is handed every block as it was read, before it is unpacked: to count it, or to digest it."""


class ByteStream(Protocol):
    """What gives bytes: an open file, or the body of a request."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


def decompress(stream: ByteStream, *, most: int, seen: Seen | None = None) -> Iterator[bytes]:
    """The stream's bytes, unpacked if they are gzip; BodyTooLargeError over `most` either way."""
    raw = _read(stream, most, seen)
    first = _at_least(len(_SPREADSHEETS[0]), raw)
    if first.startswith(_SPREADSHEETS):
        raise InvalidValueError(_NO_TEXT, code="spreadsheet")
    if first.startswith(_GZIP):
        yield from _gunzip(first, raw, most)
    else:
        yield first
        yield from raw


def in_utf8(blocks: Iterator[bytes], named: str | None) -> tuple[str, bytes, Iterator[bytes]]:
    """The encoding, the mark that the file begins with, and the text as UTF-8.

    UTF-16 shows by its mark or its zeros. All else is passed on as it is: UTF-8, and where a line
    is none, Windows-1252. LookupError for a `named` encoding that is not known.
    """
    first = _at_least(4, blocks)
    mark = next((one for one in _MARKS if first.startswith(one)), b"")
    encoding = _encoding(first, mark, named)
    first = first[len(mark) :]
    if encoding in {"utf-8", "utf-8-sig"}:
        return encoding, mark, _chained(first, blocks)
    return encoding, mark, _transcoded(encoding, _chained(first, blocks))


def whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, parted behind line ends alone; the last line may have none."""
    rest = b""
    for block in blocks:
        rest += block
        # A CR at the very end may be half of a CR LF.
        end = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
        if len(rest) > LONGEST_LINE:
            rest = _behind_the_line(rest[-1:], blocks)
            yield CUT_LINE
    if rest:
        yield rest


def _behind_the_line(last: bytes, blocks: Iterator[bytes]) -> bytes:
    """What follows the end of a line that is not kept, as far as it was read up to `last`."""
    for block in chain([last], blocks):
        if found := _LINE_END.search(block):
            if block.endswith(b"\r") and found.end() == len(block):
                # It may be half of a CR LF.
                return next(filter(None, blocks), b"").removeprefix(b"\n")
            return block[found.end() :]
    return b""


def _read(stream: ByteStream, most: int, seen: Seen | None) -> Iterator[bytes]:
    total = 0
    while block := stream.read(_BLOCK):
        total += len(block)
        if total > most:
            raise BodyTooLargeError
        if seen:
            seen(block)
        yield block


def _at_least(size: int, blocks: Iterator[bytes]) -> bytes:
    first = b""
    while len(first) < size and (more := next(blocks, b"")):
        first += more
    return first


def _chained(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from blocks


def _gunzip(first: bytes, raw: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The inside of one gzip member after another (RFC 1952 s2.2), never much of it at once."""
    member, read, made = zlib.decompressobj(wbits=31), 0, 0
    for block in _chained(first, raw):
        left, read = block, read + len(block)
        while left:
            if member.eof:
                member = zlib.decompressobj(wbits=31)
            inside = _inflated(member, left)
            left = member.unconsumed_tail or member.unused_data
            made += len(inside)
            if made > min(most, max(_ALWAYS_TAKEN, read * _MOST_TIMES)):
                raise BodyTooLargeError
            if inside:
                yield inside
    if not member.eof:
        raise InvalidValueError("The gzip file is cut: send all of it.", code="gzip_broken")


def _inflated(member: Any, packed: bytes) -> bytes:  # noqa: ANN401 - zlib's own, without a name
    try:
        inside: bytes = member.decompress(packed, _BLOCK)
    except zlib.error:
        raise InvalidValueError(
            "The gzip file is broken: pack it again.", code="gzip_broken"
        ) from None
    return inside


def _encoding(first: bytes, mark: bytes, named: str | None) -> str:
    if named:
        b"".decode(named)  # LookupError where it is no encoding of text
        name = codecs.lookup(named).name
        if name not in {"utf-8", "utf-8-sig", "utf-16"}:
            return name
    if mark:
        return _MARKS[mark]
    zeros = [byte == 0 for byte in first[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else "utf-8"


def _transcoded(encoding: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    try:
        for block in blocks:
            yield well_formed(decoder.decode(block)).encode()
        yield well_formed(decoder.decode(b"", final=True)).encode()
    except UnicodeError:  # some codecs of Python replace nothing
        raise InvalidValueError(
            "The file is not in the encoding that was named: name another, or none."
        ) from None
