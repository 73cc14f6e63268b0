"""Copies of a contact file with cells added to its rows."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from suppression.adapters.files.contact_file import ContactFile
from suppression.adapters.files.records import Row, texts_of
from suppression.domain.errors import InvalidValueError
from suppression.domain.well_formed import well_formed_json

_ENDS = b"\r\n"


class AnnotatedFileWriter:
    """A writer of a contact file's rows with added cells, in the file's format: CSV or JSON lines.

    An unreadable row becomes one cell with the row's whole text (in JSON the member `unreadable`).
    In CSV, a row with too few cells gets empty ones, and empty cells after the last column are
    dropped, so that the added cells are under their headers.
    """

    def __init__(self, file: ContactFile, out: BinaryIO, added: Sequence[str]) -> None:
        """Prepare a copy of `file`, written to `out`, with cells added under the headers `added`.

        `added` is empty if the copy only leaves out rows. Raise InvalidValueError if the file's own
        header has one of the added headers, in upper or lower case.
        """
        self.file, self.out, self.added = file, out, tuple(added)
        self._delimiter = file.delimiter.encode()
        self._special = frozenset(f'"\r\n{file.delimiter}')
        self._added_names = frozenset(header.casefold() for header in added)
        self._refuse_taken(file.header)

    def begin(self) -> None:
        """Write the file's byte order mark and head; add the headers of added cells to its header.

        Call this once, before any row is written.
        """
        head = self.file.head
        if self.file.header and self.added:
            head = self._line(head, 0, self.added)
        self.out.write(self.file.mark)
        self.out.write(self.file.encode(head))

    def write(self, rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> None:
        """Write these rows, each with its added cells; `cells` has one sequence per row.

        Rows may share one sequence: if most do, a CSV file is written faster. Raise
        InvalidValueError for a JSON object that has a member with the name of an added cell, in
        upper or lower case: readers of JSON take only one of two members of one name.
        """
        to_lines = self._objects if self.file.is_json else self._lines
        self.out.write(self.file.encode(b"".join(to_lines(rows, cells))))

    def write_raw(self, rows: Sequence[Row]) -> None:
        """Write these rows unchanged; a row without a line end gets one."""
        line_ends = (b"\n", b"\r")
        lines = [
            row.raw if row.raw.endswith(line_ends) else row.raw + self.file.newline for row in rows
        ]
        self.out.write(self.file.encode(b"".join(lines)))

    def _objects(self, rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> list[bytes]:
        return [
            self._unread(row, added) if row.fault else self._object(row.raw.strip(), added)
            for row, added in zip(rows, cells, strict=True)
        ]

    def _lines(self, rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> list[bytes]:
        return [
            self._unread(row, added)
            if row.fault
            else self._line(self._trimmed(row), max(row.missing, 0), added)
            if row.missing
            else row.raw.rstrip(_ENDS) + tail
            for row, added, tail in zip(rows, cells, self._tails(cells), strict=True)
        ]

    def _trimmed(self, row: Row) -> bytes:
        """Return a row's bytes without empty cells after its last column."""
        return row.raw if row.missing > 0 else self._cells(row.cells).encode()

    def _tails(self, cells: Sequence[Sequence[str]]) -> list[bytes]:
        if len(set(map(id, cells))) * 2 > len(cells):
            return [self._tail(cell) for cell in cells]
        tails_by_id = {
            cells_id: self._tail(added)
            for cells_id, added in {id(cell): cell for cell in cells}.items()
        }
        return [tails_by_id[id(cell)] for cell in cells]

    def _line(self, raw: bytes, missing: int, added: Sequence[str]) -> bytes:
        return raw.rstrip(_ENDS) + self._delimiter * missing + self._tail(added)

    def _tail(self, added: Sequence[str]) -> bytes:
        """Return the bytes to append to a complete row: delimiter, added cells, line end."""
        return self._delimiter + self._cells(added).encode() + self.file.newline

    def _cells(self, added: Sequence[str]) -> str:
        """Return cells as CSV text. Few need quotes, so a plain join is tried first."""
        delimiter = self.file.delimiter
        text = delimiter.join(added)
        plain = not ('"' in text or "\n" in text or "\r" in text)
        if plain and text.count(delimiter) == len(added) - 1:
            return text
        return delimiter.join(map(self._cell, added))

    def _cell(self, text: str) -> str:
        """Return a cell as CSV text (RFC 4180 s2)."""
        if self._special.isdisjoint(text):
            return text
        return '"' + text.replace('"', '""') + '"'

    def _object(self, raw: bytes, added: Sequence[str]) -> bytes:
        """Return the JSON object with the added cells as members at its end, and a line end.

        Raise InvalidValueError if the object has a member with the name of an added cell.
        """
        lowered = raw.lower()
        if b"\\u" in lowered or any(name.encode() in lowered for name in self._added_names):
            self._refuse_taken(json.loads(well_formed_json(texts_of([raw])[0])))
        members = json.dumps(dict(zip(self.added, added, strict=True)), ensure_ascii=False)
        comma = b"" if raw[1:-1].strip() == b"" else b", "
        return raw[:-1] + comma + members[1:].encode() + self.file.newline

    def _unread(self, row: Row, added: Sequence[str]) -> bytes:
        text = texts_of([row.raw.replace(b"\0", b"")])[0].rstrip("\r\n")
        if self.file.is_json:
            members = {"unreadable": text} | dict(zip(self.added, added, strict=True))
            return json.dumps(members, ensure_ascii=False).encode() + self.file.newline
        raw = self._cell(text).encode()
        return self._line(raw, max(len(self.file.columns) - 1, 0), added)

    def _refuse_taken(self, names: Iterable[str]) -> None:
        """Raise InvalidValueError if a header or member in `names` is that of an added cell."""
        taken = {name.strip().casefold() for name in names}
        if twice := sorted(taken & self._added_names):
            raise InvalidValueError(
                f"The file has a column {', '.join(twice)} already: take the file from before."
            )


@contextmanager
def replace_when_done(path: Path, *, like: Path | None) -> Iterator[BinaryIO]:
    """Yield a temporary binary file, which replaces `path` when the block ends.

    If the block raises an exception, the file is deleted instead, and `path` is unchanged. Its
    content is gzipped if the name of `path` ends with .gz. The file gets the permissions of `like`;
    if `like` is None, only its owner can read it. Raise OSError if the file cannot be written.
    """
    with ExitStack() as stack:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        stack.callback(temporary.unlink, missing_ok=True)
        if like:
            shutil.copymode(like, temporary)
        raw = stack.enter_context(os.fdopen(descriptor, "wb"))
        if path.suffix == ".gz":
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as compressed:
                yield cast("BinaryIO", compressed)
        else:
            yield raw
        raw.flush()
        os.fsync(raw.fileno())
        temporary.replace(path)
