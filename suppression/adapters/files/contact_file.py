"""Contact files as any program exports them: CSV, or one JSON object per line, read in one pass.

Compression, encoding, delimiter and columns are detected. No error repeats the text of a cell.
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
_MAX_HEADER_LINES = 50
_LONG_NUMBER = 10
"""In header detection, a caller's column name of this many digits or more is no column number."""
_HEADER = "The header, the file's first row, cannot be read."
_NO_COLUMN = "The file has no column of the name or number that was given."
_LINE_ENDS = (b"\r\n", b"\n", b"\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class FileOptions:
    """The caller's statements about a contact file; everything else is detected.

    `columns` maps our names to the file's: a header, in JSON a member, or a column number from 1.
    `header`: whether the first row is a header. `encoding` is a codec's name, `delimiter` one
    character, which says that the file is CSV. Each of these three is detected if it is None.
    `most_bytes` and `most_rows` limit the file.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    header: bool | None = None
    encoding: str | None = None
    delimiter: str | None = None
    most_bytes: int = MOST_BYTES
    most_rows: int = MOST_ROWS


_ANYTHING = FileOptions()


class ContactFile:
    """A contact file whose first lines were examined; its rows can be read only once.

    `columns` are our names for its columns, '' if unknown; `ambiguous` are those that fit several.
    `header` holds the cells of the header, `head` the bytes of the header and of the lines before
    it. A JSON file has no header, and its `columns` are all names that we know.
    """

    def __init__(
        self, stream: ByteStream, options: FileOptions = _ANYTHING, *, seen: Seen | None = None
    ) -> None:
        """Read the first lines; `seen` is called with each block as read, before decompression.

        Raise InvalidValueError if the file cannot be used, LookupError for an unknown encoding, and
        BodyTooLargeError for a file over the limits.
        """
        self._options = options
        blocks = decompress(stream, max_bytes=options.most_bytes, seen=seen)
        self.encoding, self.mark, text = in_utf8(blocks, options.encoding)
        lines = whole_lines(text)
        first = next(lines, b"")
        self.newline = next((end for end in _LINE_ENDS if end in first), b"\n")
        self._blocks = chain([first], lines)
        self.is_json = first.lstrip().startswith(b"{") and options.delimiter is None
        self.head, self.delimiter = b"", ","
        self.header: tuple[str, ...] = ()
        self.ambiguous: frozenset[str] = frozenset()
        self._before = 0
        if self.is_json:
            self.columns = _json_columns(options)
        else:
            self._look_at_header(first)

    def refuse_ambiguous(self, *names: str) -> None:
        """Raise InvalidValueError if one of our names, like `email`, fits two columns of the file.

        Only `names` count, or all our names if `names` is empty.
        """
        repeated = sorted(self.ambiguous & set(names) if names else self.ambiguous)
        if repeated:
            raise InvalidValueError(
                f"Two columns of the file mean the same: {', '.join(repeated)}. "
                "Keep one of each, or say which is meant.",
                code="columns_twice",
            )

    def batches(self) -> Iterator[list[Row]]:
        """Yield every row but the header and blank rows, in order, as a list per block of the file.

        Raise BodyTooLargeError for a file over the limits, InvalidValueError for broken compression
        or an encoding that does not fit: each may come after some rows.
        """
        number, line, width = 0, 1, len(self.columns)
        if self.is_json:
            index_of = _column_indexes(self._options, self.columns)
            flags = {index for index, name in enumerate(self.columns) if name in REASON_OF_FLAG}
            records = json_records(self._blocks, index_of, width, flags)
        else:
            records = csv_records(self._blocks, self.delimiter, width)
        for batch in records:
            if rows := self._rows_of(batch, number, line):
                yield rows
            number += len(batch)
            line += sum([lines for lines, _, _ in batch])
            if number > self._options.most_rows:
                raise BodyTooLargeError

    def _rows_of(self, batch: list[Record], before: int, line: int) -> list[Row]:
        """Return these records as rows, without blank ones, the header and the lines before it.

        `before`: how many records precede them in the file; `line`: the number of their first line.
        """
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
        """Return an iterator over the rows that `batches` yields, one by one, with its errors."""
        return chain.from_iterable(self.batches())

    def column_names(self, row: Row) -> dict[str, str]:
        """Return a row's cells without outer spaces, by our column names; skip unnamed columns."""
        cells = zip(self.columns, row.cells, strict=False)
        return {name: cell.strip() for name, cell in cells if name}

    def encode(self, raw: bytes) -> bytes:
        """Return `raw`, the bytes of rows as in `Row.raw`, in the file's own encoding.

        A character that the encoding lacks becomes `?`.
        """
        if self.encoding in {"utf-8", "utf-8-sig"}:
            return raw
        return raw.decode(errors="replace").encode(self.encoding, errors="replace")

    def _look_at_header(self, first: bytes) -> None:
        lines = first.splitlines(keepends=True)[:_MAX_HEADER_LINES]
        skipped, stated = _before_header(lines)
        texts = texts_of(lines[skipped:])
        self.delimiter = self._options.delimiter or stated or _delimiter_of("".join(texts[:1]))
        reader = csv.reader(texts, delimiter=self.delimiter, strict=True)
        try:
            cells = next(reader, [])
        except csv.Error:
            raise InvalidValueError(_HEADER, code="header_unreadable") from None
        if any("\0" in cell for cell in cells):  # a line was cut, or this is no text
            raise InvalidValueError(_HEADER, code="header_unreadable")
        with_header = self._has_header(cells)
        self._before = skipped + with_header
        self.head = b"".join(lines[: skipped + reader.line_num * with_header])
        self.header = tuple(cells) if with_header else ()
        self.columns = self._csv_columns(cells)

    def _has_header(self, cells: list[str]) -> bool:
        if self._options.header is not None:
            return self._options.header
        words = {where.strip().casefold() for where in self._options.columns.values()}
        # A number names a column by position: a cell with the same digits may be personal data.
        numbered = {int(word) for word in words if word.isdecimal() and len(word) < _LONG_NUMBER}
        headers = {word for word in words if not word.isdecimal()}
        if any(
            looks_like_contact(cell) or (number in numbered and names_no_column(cell))
            for number, cell in enumerate(cells, start=1)
        ):
            return False
        if any(field_for_header(cell) or cell.strip().casefold() in headers for cell in cells):
            return True
        # No name is known: people notice a header taken as a row, not a row taken as a header.
        return not any(may_be_personal_data(cell) for cell in cells)

    def _csv_columns(self, cells: list[str]) -> tuple[str, ...]:
        """Return our name per column: stated, guessed from header or cell, or ''. Set `ambiguous`.

        Raise InvalidValueError if the file lacks a column that the caller names.
        """
        stated = {
            _column_index(where, self.header, len(cells)): name
            for name, where in self._options.columns.items()
        }
        if self.header:
            guessed = fields_for_headers(cells)
        else:
            guessed = [field_for_cell(cell) for cell in cells]
        taken = set(stated.values())
        columns = [
            stated.get(index) or ("" if name in taken else name)
            for index, name in enumerate(guessed)
        ]
        occurrences = Counter(name for name in columns if name)
        self.ambiguous = frozenset(name for name, count in occurrences.items() if count > 1)
        return tuple(columns)


def _check_fit(number: int, line: int, cells: list[str] | None, raw: bytes, width: int) -> Row:
    """Return the row of a record that is broken or has other than `width` cells.

    Its fault is BROKEN if the record is broken or a cell after the last column holds text.
    """
    if cells is None or any(cell.strip() for cell in cells[width:]):
        return Row(number, line, (), raw, BROKEN)
    missing = width - len(cells)
    return Row(number, line, (cells + [""] * missing)[:width], raw, missing=missing)


def _column_index(where: str, header: tuple[str, ...], width: int) -> int:
    """Return the index of the column that the caller names by header or by number from 1.

    Raise InvalidValueError if no column has that header or number.
    """
    headers = [cell.strip().casefold() for cell in header]
    if where.strip().casefold() in headers:
        return headers.index(where.strip().casefold())
    if where.isdecimal() and len(where) < _LONG_NUMBER and 1 <= int(where) <= width:
        return int(where) - 1
    raise InvalidValueError(_NO_COLUMN, code="column_missing")


def _before_header(lines: list[bytes]) -> tuple[int, str]:
    """Return how many lines precede the header, and the delimiter that `sep=` names, or ''."""
    skipped = 0
    for line in lines:
        if line[:4].lower() == b"sep=" and line[5:6] in {b"\r", b"\n"}:
            return skipped + 1, chr(line[4])
        if line.strip():
            break
        skipped += 1
    return skipped, ""


def _delimiter_of(header: str) -> str:
    """Return the delimiter that occurs most outside quotes in the header; a comma if none does."""
    unquoted = "".join(header.split('"')[::2])
    delimiter = max(_DELIMITERS, key=unquoted.count)
    return delimiter if delimiter in unquoted else ","


def _json_columns(options: FileOptions) -> tuple[str, ...]:
    return tuple(sorted(FIELDS | options.columns.keys()))


def _column_indexes(options: FileOptions, columns: tuple[str, ...]) -> Callable[[str], int]:
    stated = {key.strip().casefold(): name for name, key in options.columns.items()}

    @lru_cache(maxsize=1024)
    def index_of(key: str) -> int:
        name = stated.get(key.strip().casefold()) or field_for_header(key)
        if name in options.columns and key.strip().casefold() not in stated:
            return -1
        return columns.index(name) if name else -1

    return index_of
