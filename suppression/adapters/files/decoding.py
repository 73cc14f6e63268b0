"""The bytes of a contact file as blocks of whole lines, decompressed and converted to UTF-8.

Without a named encoding, lines that are not valid UTF-8 pass unchanged (see `in_utf8`). The bytes
are read once, from the front, in constant memory: they may be an HTTP body, and are never stored on
disk. Lines end with LF, CR LF or CR.
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
"""If more bytes than this have come without a line end, CUT_LINE replaces their line."""
CUT_LINE = b"\0\n"
MOST_BYTES = 1 << 36
_BLOCK = 1 << 18
_GZIP = b"\x1f\x8b"
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""The first bytes of Excel and LibreOffice files, and of every zip."""
_NO_TEXT = "This is a spreadsheet or a zip: save the sheet as CSV, or pack the text with gzip."
_LINE_END = re.compile(rb"\r\n?|\n")
_MAX_EXPANSION = 200
_ALWAYS_ALLOWED = 1 << 24
# Contacts compress to a tenth. A file that expands by so much more is an attack (deflate: 1,032).
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

Seen = Callable[[bytes], None]
"""Called with every block as read, before decompression: to count or to digest it."""


class ByteStream(Protocol):
    """A source of bytes: an open file, or the body of a request."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, any number if `size` is negative; b'' only at the end."""
        ...


def decompress(stream: ByteStream, *, max_bytes: int, seen: Seen | None = None) -> Iterator[bytes]:
    """Yield the stream's bytes, decompressed if they are gzip.

    `seen` is called with each block as read. The iterator raises BodyTooLargeError for over
    `max_bytes`, compressed or not, or for a gzip file that expands to over 16 MB and over 200 times
    its size, and InvalidValueError for a spreadsheet or a broken gzip file.
    """
    raw = _read(stream, max_bytes, seen)
    first = _at_least(len(_SPREADSHEETS[0]), raw)
    if first.startswith(_SPREADSHEETS):
        raise InvalidValueError(_NO_TEXT, code="spreadsheet")
    if first.startswith(_GZIP):
        yield from _gunzip(first, raw, max_bytes)
    else:
        yield first
        yield from raw


def in_utf8(blocks: Iterator[bytes], named: str | None) -> tuple[str, bytes, Iterator[bytes]]:
    """Return the encoding, the byte order mark (b'' if none), and the text after it in UTF-8.

    The text is an iterator of blocks. `named` is the encoding that the caller states, as a text
    codec's name. If it is None, UTF-8 or UTF-16, the encoding is detected: UTF-16 by its mark or by
    zero bytes, else UTF-8, whose blocks pass unchanged, even with lines that are not valid UTF-8.
    Raise LookupError if `named` is no text codec. In any other encoding, bytes that do not fit
    become U+FFFD; where the codec cannot replace them, the iterator raises InvalidValueError.
    """
    first = _at_least(4, blocks)
    mark = next((known_mark for known_mark in _MARKS if first.startswith(known_mark)), b"")
    encoding = _encoding(first, mark, named)
    first = first[len(mark) :]
    if encoding in {"utf-8", "utf-8-sig"}:
        return encoding, mark, chain([first], blocks)
    return encoding, mark, _transcode(encoding, chain([first], blocks))


def whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the bytes in blocks of whole lines; the last line may have no end.

    CUT_LINE replaces each line of which more than LONGEST_LINE bytes have come without its end.
    """
    rest = b""
    for block in blocks:
        rest += block
        # A CR at the end of a block may be half of a CR LF.
        end = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
        if len(rest) > LONGEST_LINE:
            rest = _skip_line(rest[-1:], blocks)
            yield CUT_LINE
    if rest:
        yield rest


def _skip_line(last: bytes, blocks: Iterator[bytes]) -> bytes:
    """Skip the rest of a line that is too long, from `last` on; return the bytes after its end."""
    for block in chain([last], blocks):
        if line_end := _LINE_END.search(block):
            if block.endswith(b"\r") and line_end.end() == len(block):
                # This CR may be half of a CR LF.
                return next(filter(None, blocks), b"").removeprefix(b"\n")
            return block[line_end.end() :]
    return b""


def _read(stream: ByteStream, max_bytes: int, seen: Seen | None) -> Iterator[bytes]:
    total = 0
    while block := stream.read(_BLOCK):
        total += len(block)
        if total > max_bytes:
            raise BodyTooLargeError
        if seen:
            seen(block)
        yield block


def _at_least(size: int, blocks: Iterator[bytes]) -> bytes:
    first = b""
    while len(first) < size and (more := next(blocks, b"")):
        first += more
    return first


def _gunzip(first: bytes, raw: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    """Yield the content of a gzip file's members (RFC 1952 s2.2), a block at a time.

    Raise BodyTooLargeError if it expands too much, InvalidValueError if it is broken or cut.
    """
    member, read, expanded = zlib.decompressobj(wbits=31), 0, 0
    for block in chain([first], raw):
        left, read = block, read + len(block)
        while left:
            if member.eof:
                member = zlib.decompressobj(wbits=31)
            content = _inflate(member, left)
            left = member.unconsumed_tail or member.unused_data
            expanded += len(content)
            if expanded > min(max_bytes, max(_ALWAYS_ALLOWED, read * _MAX_EXPANSION)):
                raise BodyTooLargeError
            if content:
                yield content
    if not member.eof:
        raise InvalidValueError("The gzip file is cut: send all of it.", code="gzip_broken")


def _inflate(member: Any, compressed: bytes) -> bytes:  # noqa: ANN401 - zlib gives its type no name
    try:
        content: bytes = member.decompress(compressed, _BLOCK)
    except zlib.error:
        raise InvalidValueError(
            "The gzip file is broken: pack it again.", code="gzip_broken"
        ) from None
    return content


def _encoding(first: bytes, mark: bytes, named: str | None) -> str:
    if named:
        name = _text_codec(named)
        if name not in {"utf-8", "utf-8-sig", "utf-16"}:
            return name
    if mark:
        return _MARKS[mark]
    zeros = [byte == 0 for byte in first[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else "utf-8"


def _text_codec(named: str) -> str:
    """Return the name of a text codec. Raise LookupError if Python has none of this name."""
    try:
        "".encode(named)  # b"".decode would take any codec, such as hex, which makes no text
    except ValueError:  # no codec's name, or a codec that encodes nothing (`undefined`)
        raise LookupError(named) from None
    return codecs.lookup(named).name


def _transcode(encoding: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    try:
        for block in blocks:
            yield well_formed(decoder.decode(block)).encode()
        yield well_formed(decoder.decode(b"", final=True)).encode()
    except UnicodeError:  # some of Python's codecs ignore errors="replace"
        raise InvalidValueError(
            "The file is not in the encoding that was named: name another, or none."
        ) from None
