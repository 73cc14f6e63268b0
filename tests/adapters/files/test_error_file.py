"""The file of invalid rows has one format, written at once or in chunks."""

from __future__ import annotations

import io

from suppression.adapters.files.error_file import ErrorFileWriter, error_file_chunks
from suppression.domain.imports.model import RowFault

FAULT = RowFault(3, "phone", "identifier_unreadable", 'Write it as "+33", or with a country.')
LINE = '3,phone,identifier_unreadable,"Write it as ""+33"", or with a country."\r\n'


def test_a_fault_is_a_line_under_the_header() -> None:
    out = io.StringIO(newline="")
    ErrorFileWriter(out).write(FAULT)
    assert out.getvalue() == "row,column,reason,change\r\n" + LINE


def test_chunks_say_what_the_writer_writes() -> None:
    chunks = list(error_file_chunks([FAULT] * 1001))
    assert len(chunks) == 3
    assert "".join(chunks) == "row,column,reason,change\r\n" + LINE * 1001


def test_a_file_without_faults_has_its_header() -> None:
    assert "".join(error_file_chunks([])) == "row,column,reason,change\r\n"


def test_the_mark_stands_once_before_the_header() -> None:
    chunks = error_file_chunks([(1, "a;b")] * 501, header=("n", "w"), delimiter=";", mark="\ufeff")
    assert "".join(chunks) == "\ufeffn;w\r\n" + '1;"a;b"\r\n' * 501
