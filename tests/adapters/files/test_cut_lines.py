"""A row is broken if any of its lines is cut or contains a NUL."""

from __future__ import annotations

import io

import pytest

from suppression.adapters.files.contact_file import ContactFile, FileOptions
from suppression.adapters.files.decoding import LONGEST_LINE
from suppression.domain.errors import InvalidValueError

ENDLESS = b"x" * (LONGEST_LINE + 2**19)
BAD_LINES = pytest.mark.parametrize("bad", [ENDLESS, b"a\0b"], ids=["cut", "nul"])


def cells(raw: bytes) -> list[list[str] | None]:
    """Return the cells of each row, None for a broken row."""
    rows = ContactFile(io.BytesIO(raw), FileOptions()).iter_rows()
    return [None if row.fault else list(row.cells) for row in rows]


@BAD_LINES
@pytest.mark.parametrize("before", [1, 3, 200])
def test_a_bad_line_in_a_quoted_cell_breaks_its_row(bad: bytes, before: int) -> None:
    raw = b'email,name\na@b.fr,"' + b"one\n" * before + bad + b'\ntwo"\nz@b.fr,x\n'
    broken, *_, last = cells(raw)
    assert (broken, last) == (None, ["z@b.fr", "x"])


@BAD_LINES
def test_a_bad_line_in_a_quoted_cell_hides_no_later_row(bad: bytes) -> None:
    raw = b'email,name\na@b.fr,"one\n' + bad + b'\nb@b.fr,"x"\nc@b.fr,"y\nz"\n'
    assert cells(raw) == [None, None, ["b@b.fr", "x"], ["c@b.fr", "y\nz"]]


@BAD_LINES
def test_a_bad_line_in_the_first_row_refuses_the_file(bad: bytes) -> None:
    for raw in (bad + b",email\nx,a@b.fr\n", b'email,"na\n' + bad + b'\nme"\na@b.fr,x\n'):
        with pytest.raises(InvalidValueError, match="header"):
            cells(raw)
