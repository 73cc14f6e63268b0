"""Files of contacts as whoever wrote them: CSV or a JSON object a line, read in one go.

Packing, encoding, delimiter and columns are found by looking. What stands in a cell never stands
in an error.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from suppression.adapters.files.column_names import (
    FIELDS,
    field_for_cell,
    field_for_header,
    fields_for_headers,
    looks_like_contact,
    may_be_personal_data,
    names_no_column,
)
from suppression.adapters.files.decoding import (
    MOST_BYTES,
    ByteStream,
    Seen,
    decompress,
    in_utf8,
    whole_lines,
)
from suppression.adapters.files.records import (
    BROKEN,
    Record,
    Row,
    csv_records,
    json_records,
    texts_of,
)
from suppression.domain.errors import BodyTooLargeError, InvalidValueError
from suppression.domain.imports.vocabulary import REASON_OF_FLAG

_DELIMITERS = (";", ",", "\t")
MOST_ROWS = 100_000_000
_MOST_HEADER_LINES = 50
_LONG_NUMBER = 10
"""No file has a column whose number has so many digits."""
_HEADER = "The header, the file's first row, cannot be read."
_NO_COLUMN = "The file has no column of the name or number that was given."
_LINE_ENDS = (b"\r\n", b"\n", b"\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class FileOptions:
    """What the caller knows of a file; the rest is found by looking.

    `columns` maps our names to the file's: a header as it is written, or a column's number from 1.
    `header`: whether the first row is one; without a word, a row that holds an address is none.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    header: bool | None = None
    encoding: str | None = None
    delimiter: str | None = None
    most_bytes: int = MOST_BYTES
    most_rows: int = MOST_ROWS


_ANYTHING = FileOptions()


class ContactFile:
    """A file that was looked at, to be read once.

    `columns` are our names for its columns, '' for those we do not know; `header` is what stands
    there, `head` the same as bytes, to be written back. Of a file of JSON `columns` are all names
    that we know, and there is no header.
    """

    def __init__(
        self, stream: ByteStream, wanted: FileOptions = _ANYTHING, *, seen: Seen | None = None
    ) -> None:
        """Look at the front; InvalidValueError if it cannot be used."""
        self._wanted = wanted
        blocks = decompress(stream, most=wanted.most_bytes, seen=seen)
        self.encoding, self.mark, text = in_utf8(blocks, wanted.encoding)
        lines = whole_lines(text)
        first = next(lines, b"")
        self.newline = next((end for end in _LINE_ENDS if end in first), b"\n")
        self._blocks = chain([first], lines)
        self.is_json = first.lstrip().startswith(b"{") and wanted.delimiter is None
        self.head, self.delimiter = b"", ","
        self.header: tuple[str, ...] = ()
        self.ambiguous: frozenset[str] = frozenset()
        self._before = 0
        if self.is_json:
            self.columns = _json_columns(wanted)
        else:
            self._look_at_header(first)

    def refuse_ambiguous(self, *names: str) -> None:
        """InvalidValueError where two columns mean one of these names; of any, without names."""
        twice = sorted(self.ambiguous & set(names) if names else self.ambiguous)
        if twice:
            raise InvalidValueError(
                f"Two columns of the file mean the same: {', '.join(twice)}. "
                "Keep one of each, or say which is meant.",
                code="columns_twice",
            )

    def batches(self) -> Iterator[list[Row]]:
        """Every row that holds anything, in order, some thousand at a time."""
        number, line, width = 0, 1, len(self.columns)
        if self.is_json:
            places = _column_indexes(self._wanted, self.columns)
            flags = {at for at, name in enumerate(self.columns) if name in REASON_OF_FLAG}
            records = json_records(self._blocks, places, width, flags)
        else:
            records = csv_records(self._blocks, self.delimiter, width)
        for batch in records:
            if rows := self._rows_of(batch, number, line):
                yield rows
            number += len(batch)
            line += sum([lines for lines, _, _ in batch])
            if number > self._wanted.most_rows:
                raise BodyTooLargeError

    def _rows_of(self, batch: list[Record], before: int, line: int) -> list[Row]:
        """The rows among these records, behind so many others; the first begins on this line."""
        width, blank = len(self.columns), f' \t\r\n"{self.delimiter}'.encode()
        rows = []
        for number, (lines, cells, raw) in enumerate(batch, start=before + 1):
            if number > self._before and raw.strip(blank):
                if cells is not None and len(cells) == width:
                    rows.append(Row(number, line, cells, raw))
                else:
                    rows.append(_check_fit(number, line, cells, raw, width))
            line += lines
        return rows

    def iter_rows(self) -> Iterator[Row]:
        """The same, one by one."""
        return chain.from_iterable(self.batches())

    def column_names(self, row: Row) -> dict[str, str]:
        """A row's cells by our names of its columns."""
        cells = zip(self.columns, row.cells, strict=False)
        return {name: cell.strip() for name, cell in cells if name}

    def written(self, raw: bytes) -> bytes:
        """Bytes of rows in the encoding that the file has."""
        if self.encoding in {"utf-8", "utf-8-sig"}:
            return raw
        return raw.decode(errors="replace").encode(self.encoding, errors="replace")

    def _look_at_header(self, first: bytes) -> None:
        lines = first.splitlines(keepends=True)[:_MOST_HEADER_LINES]
        skipped, told = _before_header(lines)
        texts = texts_of(lines[skipped:])
        self.delimiter = self._wanted.delimiter or told or _delimiter_of("".join(texts[:1]))
        reader = csv.reader(texts, delimiter=self.delimiter, strict=True)
        try:
            cells = next(reader, [])
        except csv.Error:
            raise InvalidValueError(_HEADER, code="header_unreadable") from None
        with_header = self._has_header(cells)
        self._before = skipped + with_header
        self.head = b"".join(lines[: skipped + reader.line_num * with_header])
        self.header = tuple(cells) if with_header else ()
        self.columns = self._csv_columns(cells)

    def _has_header(self, cells: list[str]) -> bool:
        if self._wanted.header is not None:
            return self._wanted.header
        words = {where.strip().casefold() for _, where in self._said()}
        # A number says which column is meant: a cell that holds the same may be of anybody.
        numbered = {int(word) for word in words if word.isdecimal() and len(word) < _LONG_NUMBER}
        said = {word for word in words if not word.isdecimal()}
        if any(
            looks_like_contact(cell) or (number in numbered and names_no_column(cell))
            for number, cell in enumerate(cells, start=1)
        ):
            return False
        if any(field_for_header(cell) or cell.strip().casefold() in said for cell in cells):
            return True
        # Nobody knows its names: a row too many is seen, and one too few is not.
        return not any(may_be_personal_data(cell) for cell in cells)

    def _csv_columns(self, cells: list[str]) -> tuple[str, ...]:
        """Our name for each column: what the caller says, else what its header says."""
        said = {_column_index(where, self.header, len(cells)): name for name, where in self._said()}
        if self.header:
            guessed = fields_for_headers(cells)
        else:
            guessed = [field_for_cell(cell) for cell in cells]
        taken = set(said.values())
        columns = [
            said.get(place) or ("" if name in taken else name) for place, name in enumerate(guessed)
        ]
        times = Counter(name for name in columns if name)
        self.ambiguous = frozenset(name for name, number in times.items() if number > 1)
        return tuple(columns)

    def _said(self) -> list[tuple[str, str]]:
        return list(self._wanted.columns.items())


def _check_fit(number: int, line: int, cells: list[str] | None, raw: bytes, width: int) -> Row:
    """A row that has not a cell for each column; one with more, that hold anything, is broken."""
    if cells is None or any(cell.strip() for cell in cells[width:]):
        return Row(number, line, (), raw, BROKEN)
    missing = width - len(cells)
    return Row(number, line, (cells + [""] * missing)[:width], raw, missing=missing)


def _column_index(where: str, header: tuple[str, ...], width: int) -> int:
    """The column that a caller means: by its header, else by its number from 1."""
    written = [cell.strip().casefold() for cell in header]
    if where.strip().casefold() in written:
        return written.index(where.strip().casefold())
    if where.isdecimal() and 1 <= int(where) <= width:
        return int(where) - 1
    raise InvalidValueError(_NO_COLUMN, code="column_missing")


def _before_header(lines: list[bytes]) -> tuple[int, str]:
    """How many lines stand before the header, and the delimiter that spreadsheets write there."""
    skipped = 0
    for line in lines:
        if line[:4].lower() == b"sep=" and line[5:6] in {b"\r", b"\n"}:
            return skipped + 1, chr(line[4])
        if line.strip():
            break
        skipped += 1
    return skipped, ""


def _delimiter_of(header: str) -> str:
    """What parts the header's cells most often; a comma where nothing does."""
    bare = "".join(header.split('"')[::2])
    found = max(_DELIMITERS, key=bare.count)
    return found if found in bare else ","


def _json_columns(wanted: FileOptions) -> tuple[str, ...]:
    return tuple(sorted(FIELDS | wanted.columns.keys()))


def _column_indexes(wanted: FileOptions, columns: tuple[str, ...]) -> Callable[[str], int]:
    said = {key.strip().casefold(): name for name, key in wanted.columns.items()}

    @lru_cache(maxsize=1024)
    def place_of(key: str) -> int:
        name = said.get(key.strip().casefold()) or field_for_header(key)
        if name in wanted.columns and key.strip().casefold() not in said:
            return -1
        return columns.index(name) if name else -1

    return place_of
