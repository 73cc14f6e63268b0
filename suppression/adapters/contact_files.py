"""Files of contacts as CRMs export them: CSV, read row by row, whatever wrote it.

Encoding and delimiter are found by looking, columns by their French or English names. What stands
in a cell never stands in an error.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from suppression.adapters.contact_columns import FIELD_OF_HEADER, plain
from suppression.domain.errors import InvalidValueError

_CHUNK = 1 << 20
_DELIMITERS = (";", ",", "\t")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_FALLBACK = "cp1252"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRow:
    """A row by our names of its columns. `number` is what a spreadsheet shows: the header is 1.

    `broken`: it could not be read, and has no cells.
    """

    number: int
    cells: Mapping[str, str] = field(repr=False)
    broken: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactFile:
    """A file that was looked at. `columns` are our names, '' for what we do not know."""

    path: Path = field(repr=False)
    digest: bytes
    encoding: str
    delimiter: str
    columns: tuple[str, ...]

    def rows(self) -> Iterator[ContactRow]:
        """Every row that holds anything, one at a time."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as lines:
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            number = 0
            while True:
                number += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield ContactRow(number=number, cells={}, broken=True)
                    continue
                if number > 1 and any(cell.strip() for cell in cells):
                    yield self._row(number, cells)

    def _row(self, number: int, cells: list[str]) -> ContactRow:
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            return ContactRow(number=number, cells={}, broken=True)
        named = zip(self.columns, cells, strict=False)
        return ContactRow(number=number, cells={name: cell.strip() for name, cell in named if name})


def look_at(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None
) -> ContactFile:
    """What kind of file it is; InvalidValueError if its header cannot be used."""
    digest, found = _read_through(path)
    encoding = encoding or found
    with path.open(encoding=encoding, errors="replace", newline="") as lines:
        header = lines.readline(_CHUNK)
        delimiter = delimiter or _delimiter_of(header)
        lines.seek(0)
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
        except csv.Error:
            raise InvalidValueError("The header, the file's first row, cannot be read.") from None
    columns = tuple(FIELD_OF_HEADER.get(plain(cell), "") for cell in cells)
    twice = sorted(name for name, times in Counter(columns).items() if name and times > 1)
    if twice:
        raise InvalidValueError(
            f"Two columns of the file mean the same: {', '.join(twice)}. Keep one of each."
        )
    return ContactFile(
        path=path, digest=digest, encoding=encoding, delimiter=delimiter, columns=columns
    )


def _read_through(path: Path) -> tuple[bytes, str]:
    """The file's SHA-256 and its encoding: UTF-8, with or without mark, UTF-16, else Windows."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8-sig"
    with path.open("rb") as raw:
        first = True
        while chunk := raw.read(_CHUNK):
            digest.update(chunk)
            if first and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                encoding = "utf-16"
            first = False
            if encoding == "utf-8-sig":
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    encoding = _FALLBACK
    return digest.digest(), encoding


def _delimiter_of(header: str) -> str:
    """What parts the header's cells most often; a comma where nothing does."""
    bare = _QUOTED.sub("", header)
    found = max(_DELIMITERS, key=bare.count)
    return found if found in bare else ","
