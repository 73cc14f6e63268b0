"""The CSV file of the rows that could not be imported: where each is and what to change in it.

It repeats no text of these rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TextIO

HEADER = ("row", "column", "reason", "change")
_ROWS_AT_ONCE = 500


class ErrorFileWriter:
    """A writer of an error file: a header, then one line per invalid row, such as a RowFault."""

    def __init__(
        self, out: TextIO, *, header: Iterable[str] = HEADER, delimiter: str = ","
    ) -> None:
        """Write the header to `out`, a text file without translation of line ends."""
        self._writer = csv.writer(out, delimiter=delimiter)
        self._writer.writerow(header)

    def write(self, line: Iterable[object]) -> None:
        """Write the line for one invalid row."""
        self._writer.writerow(line)


def error_file_chunks(
    lines: Iterable[Iterable[object]],
    *,
    header: Iterable[str] = HEADER,
    delimiter: str = ",",
    mark: str = "",
) -> Iterator[str]:
    """Yield an error file's text, 500 lines at a time; it begins with `mark`, such as a BOM."""
    text = io.StringIO(mark, newline="")
    text.seek(0, io.SEEK_END)
    writer = ErrorFileWriter(text, header=header, delimiter=delimiter)
    for number, line in enumerate(lines, start=1):
        writer.write(line)
        if number % _ROWS_AT_ONCE == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
