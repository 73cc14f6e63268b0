"""Blocks of lines to rows: CSV as spreadsheets write it, and a JSON object a line.

A row that cannot be read is a row all the same: it keeps its place, and reading goes on with the
line after its first. So a quote that nobody closed takes no other row with it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from suppression.domain.well_formed import well_formed_json

BROKEN = "row_broken"
_MOST_LINES = 250
"""How many lines a row may have whose cells hold line ends."""
_MOST_CHARACTERS = 1 << 20
_FALLBACK = "cp1252"


class Row(NamedTuple):
    """A row that holds anything.

    `number` counts rows as a spreadsheet shows them, `line` is the line on which it begins, as an
    editor shows it; both count the header, which is 1. `raw` is as it was written, in UTF-8 or
    Windows-1252, with its line end. `fault` says why it has no cells; `missing` how many of its
    cells, '' here, it does not have: below 0, how many it has behind them that hold nothing.
    """

    number: int
    line: int
    cells: Sequence[str]
    raw: bytes
    fault: str = ""
    missing: int = 0

    def __repr__(self) -> str:
        """Its place: what stands in it is shown nowhere."""
        return f"Row(number={self.number})"


Record = tuple[int, list[str] | None, bytes]
"""How many lines it has, its cells (None if it is broken), and how it is written."""


def texts_of(lines: Sequence[bytes]) -> list[str]:
    """Lines as text: UTF-8, and each line that is none as Windows-1252."""
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
    """The records of each block.

    One over several lines that has not `width` cells, or a line in a cell that is a row by itself,
    is none: a quote is missing there.
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
        slowly = _QuotedRecordReader(texts, lines, delimiter, width)
        yield list(slowly.records(last=False))
        carried = lines[slowly.at :]
    if carried:
        yield list(
            _QuotedRecordReader(texts_of(carried), carried, delimiter, width).records(last=True)
        )


def _cells_of_lines(texts: list[str], delimiter: str) -> list[list[str]] | None:
    """The cells where each line is one whole record; None where one is not, or is broken."""
    if not any('"' in text for text in texts):
        return [text.rstrip("\r\n").split(delimiter) for text in texts]
    try:
        found = list(csv.reader(texts, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found if len(found) == len(texts) else None


class _QuotedRecordReader:
    """A block of lines, record by record. `at`: the first line that was not read."""

    def __init__(self, texts: list[str], lines: list[bytes], delimiter: str, width: int) -> None:
        self.texts, self.lines, self.delimiter, self.width = texts, lines, delimiter, width
        self.at, self.taken, self.unfinished = 0, 0, False

    def records(self, *, last: bool) -> Iterator[Record]:
        """Every record that ends in the block; with `last` those that should go on as well."""
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
        """The cells of the record that begins here, None if there are none, and its lines."""
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
        """Whether a record over several lines looks like several, of which one opened a quote."""
        return len(cells) != self.width or any(
            line.count(self.delimiter) >= self.width - 1
            for cell in cells
            for line in cell.splitlines()[1:]
        )

    def _texts_from_here(self) -> Iterator[str]:
        """The lines that one record may have. `unfinished`: there might be more than are here."""
        self.taken, size, self.unfinished = 0, 0, False
        # By number: islice() would walk all lines before these again, at each of them.
        for place in range(self.at, min(self.at + _MOST_LINES, len(self.texts))):
            text = self.texts[place]
            self.taken, size = self.taken + 1, size + len(text)
            yield text
            if size > _MOST_CHARACTERS:
                return
        self.unfinished = self.taken < _MOST_LINES


def json_records(
    blocks: Iterator[bytes],
    place_of: Callable[[str], int],
    width: int,
    flags: Container[int],
) -> Iterator[list[Record]]:
    """A record a line, of `width` cells: each member's text, where `place_of` its name puts it.

    A name that stands twice, or two that mean the same, would let one value hide another: then the
    line is broken. `place_of` answers -1 for a name that means nothing to us.
    At the places of `flags` a true is text too.
    """
    for block in blocks:
        lines = block.splitlines(keepends=True)
        yield [
            (1, _cells_of_object(text, place_of, width, flags), line)
            for text, line in zip(texts_of(lines), lines, strict=True)
        ]


class _Members(list[tuple[str, Any]]):
    """The members of an object, in order; a name may stand twice."""


def _cells_of_object(
    text: str, place_of: Callable[[str], int], width: int, flags: Container[int]
) -> list[str] | None:
    if not text.strip():
        return []
    try:
        members = json.loads(well_formed_json(text), object_pairs_hook=_Members)
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, _Members):
        return None
    cells, filled = [""] * width, set()
    for name, value in members:
        place = place_of(name)
        if place in filled:
            return None
        if place >= 0:
            filled.add(place)
            cells[place] = "true" if value is True and place in flags else _written(value)
    return cells


def _written(value: object) -> str:
    """The text of a member; '' of what can be no cell."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
