"""A file written anew with columns added, its own columns byte for byte as they were."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from suppression.adapters.files.contact_file import ContactFile
from suppression.adapters.files.records import Row, texts_of
from suppression.domain.errors import InvalidValueError

_ENDS = b"\r\n"


class AnnotatedFileWriter:
    """Writes rows of a file with further cells, as whatever the file is: CSV or JSON lines.

    A row that could not be read stands in one cell, whole (in JSON, as `unreadable`). One with
    empty cells behind its last column is written without them, so that what is added stands under
    its name.
    """

    def __init__(self, file: ContactFile, out: BinaryIO, added: Sequence[str]) -> None:
        """`added` are the headers of the cells to add; none if rows are only left out."""
        self.file, self.out, self.added = file, out, tuple(added)
        self._delimiter = file.delimiter.encode()
        self._separator = f'["\\r\\n{file.delimiter}]'
        self._special = frozenset(f'"\r\n{file.delimiter}')
        taken = {cell.strip().casefold() for cell in file.header}
        if twice := sorted(taken & {one.casefold() for one in added}):
            raise InvalidValueError(
                f"The file has a column {', '.join(twice)} already: take the file from before."
            )

    def begin(self) -> None:
        """Write the mark and the header."""
        head = self.file.head
        if self.file.header and self.added:
            head = self._line(head, 0, self.added)
        self.out.write(self.file.mark)
        self.out.write(self.file.written(head))

    def write(self, rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> None:
        """Write these rows, each with its cells; of what is one object, the bytes are made once."""
        joined = self._objects if self.file.is_json else self._lines
        self.out.write(self.file.written(b"".join(joined(rows, cells))))

    def write_raw(self, rows: Sequence[Row]) -> None:
        """Write these rows as they were."""
        ends = (b"\n", b"\r")
        lines = [row.raw if row.raw.endswith(ends) else row.raw + self.file.newline for row in rows]
        self.out.write(self.file.written(b"".join(lines)))

    def _objects(self, rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> list[bytes]:
        return [
            self._unread(row, added) if row.fault else self._object(row.raw.strip(), added)
            for row, added in zip(rows, cells, strict=True)
        ]

    def _lines(self, rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> list[bytes]:
        return [
            self._unread(row, added)
            if row.fault
            else self._line(self._of_width(row), max(row.missing, 0), added)
            if row.missing
            else row.raw.rstrip(_ENDS) + tail
            for row, added, tail in zip(rows, cells, self._tails(cells), strict=True)
        ]

    def _of_width(self, row: Row) -> bytes:
        """A row as it is written, without empty cells behind its last column."""
        return row.raw if row.missing > 0 else self._cells(row.cells).encode()

    def _tails(self, cells: Sequence[Sequence[str]]) -> list[bytes]:
        if len(set(map(id, cells))) * 2 > len(cells):
            return [self._tail(cell) for cell in cells]
        made = {which: self._tail(one) for which, one in {id(cell): cell for cell in cells}.items()}
        return [made[id(cell)] for cell in cells]

    def _line(self, raw: bytes, missing: int, added: Sequence[str]) -> bytes:
        return raw.rstrip(_ENDS) + self._delimiter * missing + self._tail(added)

    def _tail(self, added: Sequence[str]) -> bytes:
        """What is added to the line of a row that has all its cells."""
        return self._delimiter + self._cells(added).encode() + self.file.newline

    def _cells(self, added: Sequence[str]) -> str:
        """Cells as CSV writes them; most hold nothing that must be quoted."""
        delimiter = self.file.delimiter
        text = delimiter.join(added)
        plain = not ('"' in text or "\n" in text or "\r" in text)
        if plain and text.count(delimiter) == len(added) - 1:
            return text
        return delimiter.join(map(self._cell, added))

    def _cell(self, text: str) -> str:
        """A cell as CSV writes it (RFC 4180 s2)."""
        if self._special.isdisjoint(text):
            return text
        return '"' + text.replace('"', '""') + '"'

    def _object(self, raw: bytes, added: Sequence[str]) -> bytes:
        """The object with members added at its end."""
        members = json.dumps(dict(zip(self.added, added, strict=True)), ensure_ascii=False)
        comma = b"" if raw[1:-1].strip() == b"" else b", "
        return raw[:-1] + comma + members[1:].encode() + self.file.newline

    def _unread(self, row: Row, added: Sequence[str]) -> bytes:
        text = texts_of([row.raw.replace(b"\0", b"")])[0].rstrip("\r\n")
        if self.file.is_json:
            whole = {"unreadable": text} | dict(zip(self.added, added, strict=True))
            return json.dumps(whole, ensure_ascii=False).encode() + self.file.newline
        raw = self._cell(text).encode()
        return self._line(raw, max(len(self.file.columns) - 1, 0), added)


@contextmanager
def replace_when_done(path: Path, *, like: Path | None) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` when the block ends, and leaves it when it fails.

    Packed if its name ends with .gz. Read by the same people as `like`, or by its owner alone.
    """
    with ExitStack() as opened:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        part = Path(name)
        opened.callback(part.unlink, missing_ok=True)
        if like:
            shutil.copymode(like, part)
        raw = opened.enter_context(os.fdopen(handle, "wb"))
        if path.suffix == ".gz":
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed:
                yield cast("BinaryIO", packed)
        else:
            yield raw
        raw.flush()
        os.fsync(raw.fileno())
        part.replace(path)
