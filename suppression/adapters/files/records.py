"""Rows from blocks of lines: CSV as spreadsheets write it, or one JSON object per line.

An unreadable row stays a row with its number, and parsing continues at the line after the first
line of that row: so an unclosed quote hides no other row.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from suppression.domain.well_formed import well_formed_json

BROKEN = "row_broken"
_MAX_LINES = 250
"""The maximum number of lines of a row whose cells hold line ends."""
_MAX_CHARACTERS = 1 << 20
_FALLBACK = "cp1252"


class Row(NamedTuple):
    """A row of a contact file; blank rows are left out.

    `number` counts rows as a spreadsheet does, blank ones too; `line` is the editor's number of the
    row's first line; both are 1 at the start of the file. `raw` is the row in UTF-8 or
    Windows-1252, with its line end if it has one. `fault` is '', or the code of why the row is
    unreadable and `cells` empty. `missing`: n if n missing cells were added as '', -n if n empty
    cells after the last column were dropped.
    """

    number: int
    line: int
    cells: Sequence[str]
    raw: bytes
    fault: str = ""
    missing: int = 0

    def __repr__(self) -> str:
        """Return the row's number alone: its content is personal data."""
        return f"Row(number={self.number})"


Record = tuple[int, list[str] | None, bytes]
"""A record: its number of lines, its cells (None if broken), and its bytes."""


def texts_of(lines: Sequence[bytes]) -> list[str]:
    """Decode lines as UTF-8, and each line that is not valid UTF-8 as Windows-1252.

    Bytes that Windows-1252 lacks become U+FFFD; no line is refused.
    """
    try:
        return [line.decode() for line in lines]
    except UnicodeDecodeError:
        return [_text(line) for line in lines]


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(_FALLBACK, errors="replace")


def csv_records(blocks: Iterator[bytes], delimiter: str, width: int) -> Iterator[list[Record]]:
    """Yield the records that end in each block of whole lines, as one list per block.

    The cells of a broken record are None: one of its lines holds a NUL, as a cut line does, or it
    is no CSV. A record over several lines is also broken if the number of its cells is not `width`,
    if it has over 250 lines or about a million characters, or if a line in a cell looks like a row:
    then a quote is missing.
    """
    carried: list[bytes] = []
    for block in blocks:
        lines = carried + block.splitlines(keepends=True)
        texts = texts_of(lines)
        cells = None if b"\0" in block else _cells_of_lines(texts, delimiter)
        if cells is not None:
            carried = []
            yield list(zip(repeat(1), cells, lines, strict=False))
            continue
        reader = _QuotedRecordReader(texts, lines, delimiter, width)
        yield list(reader.records(last=False))
        carried = lines[reader.at :]
    if carried:
        yield list(
            _QuotedRecordReader(texts_of(carried), carried, delimiter, width).records(last=True)
        )


def _cells_of_lines(texts: list[str], delimiter: str) -> list[list[str]] | None:
    """Return the cells of each line; None if a line is not one whole, valid record."""
    if not any('"' in text for text in texts):
        return [text.rstrip("\r\n").split(delimiter) for text in texts]
    try:
        records = list(csv.reader(texts, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return records if len(records) == len(texts) else None


class _QuotedRecordReader:
    """A reader of the records in a block of lines. `at`: the index of the first unread line."""

    def __init__(self, texts: list[str], lines: list[bytes], delimiter: str, width: int) -> None:
        self.texts, self.lines, self.delimiter, self.width = texts, lines, delimiter, width
        self.at, self.taken, self.unfinished = 0, 0, False

    def records(self, *, last: bool) -> Iterator[Record]:
        """Yield every record that ends in the block; if `last`, also a record that does not end."""
        while self.at < len(self.lines):
            cells, taken = self._read()
            if cells is None and self.unfinished and not last:
                return
            if cells is None or (taken > 1 and self._swallows(cells)):
                cells, taken = None, 1
            raw = b"".join(self.lines[self.at : self.at + taken])
            self.at += taken
            yield taken, cells, raw

    def _read(self) -> tuple[list[str] | None, int]:
        """Return the cells of the record at `at`, None if it is broken, and its number of lines."""
        first = self.texts[self.at]
        self.unfinished = False
        if "\0" in first:
            return None, 1
        if '"' not in first:
            return first.rstrip("\r\n").split(self.delimiter), 1
        texts = self._texts_from_here()
        try:
            cells = next(csv.reader(texts, delimiter=self.delimiter, strict=True))
        except csv.Error:
            cells = None
        return cells, self.taken

    def _swallows(self, cells: list[str]) -> bool:
        """Return whether a record over several lines is probably several rows and a stray quote."""
        return len(cells) != self.width or any(
            line.count(self.delimiter) >= self.width - 1
            for cell in cells
            for line in cell.splitlines()[1:]
        )

    def _texts_from_here(self) -> Iterator[str]:
        """Yield the lines that may belong to the record at `at`, up to one that holds a NUL.

        A record that does not end before that line is broken: its text, which may have been cut, is
        not known. Set `taken` to the number of lines, and `unfinished` to whether the record might
        go on after the block.
        """
        self.taken, size, self.unfinished = 0, 0, False
        # By index: islice() would walk all earlier lines again for each record.
        for index in range(self.at, min(self.at + _MAX_LINES, len(self.texts))):
            text = self.texts[index]
            if "\0" in text:
                return
            self.taken, size = self.taken + 1, size + len(text)
            yield text
            if size > _MAX_CHARACTERS:
                return
        self.unfinished = self.taken < _MAX_LINES


def json_records(
    blocks: Iterator[bytes],
    index_of: Callable[[str], int],
    width: int,
    flags: Container[int],
) -> Iterator[list[Record]]:
    """Yield the records of each block of whole lines as a list: one per line, of `width` cells.

    `index_of` returns the index of the cell for a member's name, -1 for a name that is not read. A
    cell is a JSON string, an integer, or null for an empty one; at the indexes in `flags`, a JSON
    true is "true" and false an empty cell. The cells are None if a line is no JSON object, if a
    member that is read has any other value, or if two members fill one cell, because one value
    would hide the other; a blank line has no cells ([]).
    """
    for block in blocks:
        lines = block.splitlines(keepends=True)
        yield [
            (1, _cells_of_object(text, index_of, width, flags), line)
            for text, line in zip(texts_of(lines), lines, strict=True)
        ]


class _Members(list[tuple[str, Any]]):
    """The members of a JSON object, in order; names may repeat."""


def _cells_of_object(
    text: str, index_of: Callable[[str], int], width: int, flags: Container[int]
) -> list[str] | None:
    if not text.strip():
        return []
    try:
        members = json.loads(well_formed_json(text), object_pairs_hook=_Members)
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, _Members):
        return None
    return _cells_of_members(members, index_of, width, flags)


def _cells_of_members(
    members: Iterable[tuple[str, object]],
    index_of: Callable[[str], int],
    width: int,
    flags: Container[int],
) -> list[str] | None:
    """Return an object's cells; None if two members fill one cell or a value cannot be a cell."""
    cells: list[str | None] = [None] * width
    for name, value in members:
        if (index := index_of(name)) < 0:
            continue
        text = _member_text(value, flag=index in flags)
        if text is None or cells[index] is not None:
            return None
        cells[index] = text
    return [cell or "" for cell in cells]


def _member_text(value: object, *, flag: bool) -> str | None:
    """Return the text of a JSON member: '' for null; None if its value cannot be a cell.

    A list, an object or a fraction read as an empty cell would lose an identifier or a limit.
    """
    if isinstance(value, bool):
        return ("true" if value else "") if flag else None
    if value is None:
        return ""
    return str(value) if isinstance(value, str | int) else None
