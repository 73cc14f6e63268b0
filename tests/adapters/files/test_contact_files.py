"""The rows of a file are read whatever program wrote it; an unreadable row keeps its number."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from suppression.adapters.files.contact_file import ContactFile, FileOptions
from suppression.adapters.files.decoding import _BLOCK, LONGEST_LINE
from suppression.adapters.files.records import Row
from suppression.domain.errors import BodyTooLargeError, InvalidValueError


class Dribble(io.RawIOBase):
    """A stream that cannot seek and returns less than is asked for, as a network does."""

    def __init__(self, raw: bytes, step: int) -> None:
        super().__init__()
        self.raw, self.step, self.at = raw, step, 0

    def read(self, size: int = -1) -> bytes:
        taken = self.raw[self.at : self.at + min(size, self.step)]
        self.at += len(taken)
        return taken


def read(raw: bytes, step: int = 1 << 30, **options: Any) -> ContactFile:  # noqa: ANN401
    return ContactFile(Dribble(raw, step), FileOptions(**options))


def cells(raw: bytes, name: str = "email", **options: Any) -> list[str | None]:  # noqa: ANN401
    """Return the cell of each row in a column, None for a row that cannot be read."""
    file = read(raw, **options)
    return [None if row.fault else file.column_names(row)[name] for row in file.iter_rows()]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_a_file_is_read_alike_however_it_comes(
    encoding: str, delimiter: str, newline: str, step: int, *, packed: bool
) -> None:
    rows = [("Prénom", "E-mail"), ("Zoé", "z@example.fr"), (f'"L{delimiter}é"', "l@example.fr")]
    rows += [(f'"deux{newline}lignes"', "d@example.fr"), ("Fin", "f@example.fr")]
    raw = "".join(delimiter.join(row) + newline for row in rows).encode(encoding)
    file = read(gzip.compress(raw[:40]) + gzip.compress(raw[40:]) if packed else raw, step)
    parsed = list(file.iter_rows())
    assert [tuple(row.cells) for row in parsed] == [
        ("Zoé", "z@example.fr"),
        (f"L{delimiter}é", "l@example.fr"),
        (f"deux{newline}lignes", "d@example.fr"),
        ("Fin", "f@example.fr"),
    ]
    assert [row.number for row in parsed] == [2, 3, 4, 5]
    assert [row.line for row in parsed] == [2, 3, 4, 6]
    whole = file.mark + file.encode(file.head + b"".join(row.raw for row in parsed))
    assert whole == raw


@pytest.mark.parametrize(
    "first",
    [
        "jHSmUmCGl8bK0xrxHDGeI7IoqWzFR1Lx5SNwjMSDTgE=",
        "+33 (0)6 12 34 56 78",
        "06/12/34/56/78",
        "tel:+33612345678",
        "12 rue de la Paix",
    ],
)
def test_a_first_row_that_names_no_column_is_a_person(first: str) -> None:
    raw = f"{first},Paris\nother,Lyon\n".encode()
    file = read(raw, columns={"phone": "1"})
    assert [row.cells[0] for row in file.iter_rows()] == [first, "other"]


def test_a_first_row_is_the_header_by_a_name_that_we_or_the_caller_know() -> None:
    raw = b"E-mail,Wings\na@b.fr,2\n"
    assert cells(raw) == ["a@b.fr"]
    assert cells(b"Where,Wings\na@b.fr,2\n", columns={"email": "where"}) == ["a@b.fr"]


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n"])
@pytest.mark.parametrize("at", [-2, -1, 0, 1])
def test_a_line_that_is_cut_takes_no_other_with_it(end: bytes, at: int) -> None:
    blocks = 5
    size = blocks * _BLOCK + at
    head = b"email" + end
    raw = head + b"x" * (size - len(head)) + end + b"a@b.fr" + end + b"b@b.fr" + end
    rows = [row for row in read(raw).iter_rows() if "@" in "".join(row.cells)]
    assert [(row.line, row.cells) for row in rows] == [
        (3, ["a@b.fr"]),
        (4, ["b@b.fr"]),
    ]


def test_one_line_in_windows_1252_changes_no_other() -> None:
    raw = "email,name\na@b.fr,é\n".encode() + "b@b.fr,é\n".encode("cp1252") + "c@b.fr,é".encode()
    assert cells(raw, "name") == ["é", "é", "é"]


@pytest.mark.parametrize(
    ("broken", "after"),
    [
        (b'a@b.fr,"x"y', 1),
        (b'a@b.fr,"never closed', 1),
        (b'"a@b.fr,x', 1),
        (b"a@b.fr,x,too,many", 1),
        (b"a@b.fr,\0", 1),
        (b"a" * (LONGEST_LINE + 2**19), 1),
        (b'a@b.fr,"' + b"x" * 140_000 + b'"', 1),
        (b'a@b.fr,"' + b"\nx@b.fr,y" * 300, 301),
    ],
    ids=["quote", "open", "open first", "many", "nul", "endless", "wide", "open long"],
)
@pytest.mark.parametrize("step", [1000, 1 << 20])
def test_a_row_that_cannot_be_read_keeps_its_place_and_takes_no_other(
    broken: bytes, after: int, step: int
) -> None:
    raw = b"email,name\nfirst@b.fr,x\n" + broken + b"\nlast@b.fr,x\n"
    rows = list(read(raw, step).iter_rows())
    assert [bool(row.fault) for row in rows] == [False, True, *[False] * after]
    assert [row.number for row in rows] == list(range(2, after + 4))
    assert rows[-1].cells == ["last@b.fr", "x"]


def test_an_open_quote_at_the_end_loses_no_row() -> None:
    assert cells(b'email,name\na@b.fr,"x\nb@b.fr,x\nc@b.fr,x') == [None, "b@b.fr", "c@b.fr"]


def test_an_open_quote_that_a_later_row_closes_loses_no_row() -> None:
    assert cells(b'email,name\n"a@b.fr,x\nb@b.fr,x\nc@b.fr,x"\n') == [None, "b@b.fr", "c@b.fr"]


def test_a_cell_that_would_hold_a_whole_row_is_an_open_quote() -> None:
    raw = b'email,name\na@b.fr,"x\nb@b.fr,y\nc@b.fr,z"\nd@b.fr,"two\nlines"\n'
    assert cells(raw) == [None, "b@b.fr", "c@b.fr", "d@b.fr"]


def test_rows_that_hold_nothing_are_left_out_and_short_ones_are_not() -> None:
    raw = b"email,name,city\na@b.fr\n\n,,\n  ,\nb@b.fr,x\n"
    assert [(row.number, len(row.cells)) for row in read(raw).iter_rows()] == [(2, 3), (6, 3)]


@pytest.mark.parametrize(
    "line",
    [
        *(b"{", b"[1]", b'"a@b.fr"', b'{"email": "a@b.fr", "email": "c@b.fr"}', b"[" * 100_000),
        *(b'{"email": "a@b.fr", "E-Mail": "c@b.fr"}', b"\xff\xff", b"{}{}"),
    ],
)
def test_a_line_that_is_no_object_is_a_broken_row(line: bytes) -> None:
    raw = b'{"email": "first@b.fr"}\n' + line + b'\n\n{"email": "last@b.fr", "x": [{}]}'
    assert cells(raw) == ["first@b.fr", None, "last@b.fr"]


def test_json_numbers_are_text_and_nothing_else_is() -> None:
    lines = [33612345678, True, None, 1.5, {"a": 1}, "\ud800"]
    raw = "\n".join(json.dumps({"phone": line}) for line in lines).encode()
    assert cells(raw, "phone") == ["33612345678", None, "", None, None, "\ufffd"]


def test_a_column_is_named_by_its_header_or_its_number() -> None:
    raw = b"email,Mobile,Phone\nx,1,2\n"
    assert cells(raw, "phone", columns={"phone": "mobile"}) == ["1"]
    assert cells(raw, "phone", columns={"phone": "3"}) == ["2"]
    assert cells(b'{"Mobile": "1", "Phone": "2"}', "phone", columns={"phone": "mobile"}) == ["1"]


@pytest.mark.parametrize("where", ["0", "4", "fax", "-1", "\u00b2"])
def test_a_column_that_is_not_there_is_refused(where: str) -> None:
    with pytest.raises(InvalidValueError, match="no column"):
        read(b"email,Mobile,Phone\nx,1,2\n", columns={"phone": where})


def test_two_columns_of_one_meaning_are_refused_where_they_are_needed() -> None:
    file = read(b"email,Mobile,Phone\nx,1,2\n")
    file.refuse_ambiguous("email")
    with pytest.raises(InvalidValueError, match="phone"):
        file.refuse_ambiguous()


@pytest.mark.parametrize("first", ["jean@b.fr", "+33 6 12 34 56 78", "0612345678", "ab" * 32])
def test_a_first_row_that_holds_a_contact_is_no_header(first: str) -> None:
    file = read(f"{first};1\nzoe@b.fr;2\n".encode(), columns={"email": "1"})
    assert (file.head, [row.number for row in file.iter_rows()]) == (b"", [1, 2])


@pytest.mark.parametrize(
    ("first", "columns"),
    [
        ("06/12/34/56/78;mobile", {"phone": "1"}),
        ("2;06/12/34/56/78", {"phone": "2"}),
        ("2;(0)6 12 34 56 78", {"phone": "2"}),
        ("T\u00e9l. 06 12 34 56 78;Contact", {"phone": "1"}),
        ("jean\uff20b.fr;contact", {"email": "1"}),
        ("3;1 rue Neuve;35000", {"street": "2", "postcode": "3"}),
        ("Adresse;1 rue Neuve;35000", {"street": "2", "postcode": "3"}),
    ],
)
def test_a_first_row_that_holds_one_where_the_caller_says_is_no_header(
    first: str, columns: dict[str, str]
) -> None:
    file = read(f"{first}\n{first}\n".encode(), columns=columns)
    assert (file.head, [row.number for row in file.iter_rows()]) == (b"", [1, 2])


@pytest.mark.parametrize("head", ["Mobile;x", "Mobile 2;e-mail", "x;Mobile", "Tel 001;email"])
def test_a_header_is_one_where_the_caller_says_columns_by_number(head: str) -> None:
    file = read(f"{head}\n0612345678;0612345679\n".encode(), columns={"phone": "1"})
    assert [row.number for row in file.iter_rows()] == [2]


def test_what_a_spreadsheet_writes_before_the_header_is_read_and_kept() -> None:
    raw = b"\r\nsep=;\r\nemail;a,b,c\r\nx@b.fr;1\r\n"
    file = read(raw)
    assert [row.number for row in file.iter_rows()] == [4]
    assert (file.delimiter, file.head, file.newline) == (";", raw[:-10], b"\r\n")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b"email\n" + b"a" * 60_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(BodyTooLargeError):
        list(read(bomb).iter_rows())


@pytest.mark.parametrize("packed", [gzip.compress(b"email\n" * 99, mtime=0)[:-9], b"\x1f\x8bnone"])
def test_a_cut_or_broken_gzip_is_refused(packed: bytes) -> None:
    with pytest.raises(InvalidValueError, match="gzip"):
        list(read(packed).iter_rows())


@pytest.mark.parametrize("raw", [b"email\n" + b"a@b.fr\n" * 99, b""])
def test_too_many_bytes_or_rows_are_refused(raw: bytes) -> None:
    raw = raw or gzip.compress(b"email\n" * 99)
    with pytest.raises(BodyTooLargeError):
        list(read(raw, most_bytes=300 if raw[:2] != b"\x1f\x8b" else 400).iter_rows())
    with pytest.raises(BodyTooLargeError):
        list(read(raw, most_rows=50).iter_rows())


def test_a_file_of_nothing_has_no_rows() -> None:
    assert list(read(b"").iter_rows()) == []
    assert list(read(b"email").iter_rows()) == []


def test_every_block_is_shown_as_it_was_read() -> None:
    shown: list[bytes] = []
    raw = gzip.compress(b"email\na@b.fr\n")
    list(ContactFile(io.BytesIO(raw), seen=shown.append).iter_rows())
    assert b"".join(shown) == raw


def test_memory_does_not_grow_with_the_file() -> None:
    assert peak(200_000) < peak(20_000) + 500_000


def test_a_row_shows_nothing_of_itself() -> None:
    assert repr(Row(3, 3, ["jean@b.fr"], b"jean@b.fr")) == "Row(number=3)"


def peak(rows: int) -> int:
    """Return the peak memory, in bytes, of reading a file with this many rows."""

    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.lines = lines(rows)

        def read(self, _size: int = -1) -> bytes:
            return b"".join(line for line, _ in zip(self.lines, range(4000), strict=False))

    tracemalloc.start()
    for _ in ContactFile(Endless()).batches():
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def lines(rows: int) -> Iterator[bytes]:
    """Yield the lines of a CSV file with this many rows."""
    yield b"email,name\n"
    for number in range(rows):
        yield b'person%d@example.fr,"Jean, %d"\n' % (number, number)
