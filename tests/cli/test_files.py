"""A command that cannot read its input or write its output stops before it does anything."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from pathlib import Path

import click
import pytest
from flask import Flask

from suppression.cli import files
from tests.api import make_controller
from tests.cli.test_commands import run


class Pipe(io.BytesIO):
    """A stream that cannot seek, like a pipe."""

    def seekable(self) -> bool:
        return False


def test_a_pipe_can_be_read_twice_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST_HELD", 4)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Pipe(b"1234")))
    with files.reading_twice("-") as raw:
        assert (raw.read(), raw.seek(0), raw.read()) == (b"1234", 0, b"1234")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Pipe(b"12345")))
    with pytest.raises(click.UsageError, match="name a file"), files.reading_twice("-"):
        pass


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("/dev/null", "name a file, or - for standard output"),
        ("{folder}/nowhere/out.csv", "there is no such folder"),
        ("{folder}", "is a directory"),
        ("{folder}/people.csv", "another file than the one that is read"),
    ],
)
def test_an_output_that_cannot_be_is_refused_in_a_line(
    app: Flask, tmp_path: Path, output: str, words: str
) -> None:
    make_controller(app, "okwind")
    file = tmp_path / "people.csv"
    file.write_text("email\n")
    output = output.format(folder=tmp_path)
    refused = run(app, "links", "okwind", str(file), "--output", output)
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert file.read_text() == "email\n"


def test_a_folder_or_disk_that_takes_no_file_is_told_in_a_line(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_controller(app, "okwind")
    file = tmp_path / "people.csv"
    file.write_text("email\n")

    def refuse(**_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    refused = run(app, "links", "okwind", str(file))
    assert refused.exit_code == 1
    assert "people.links.csv was not written: No space left on device." in refused.stderr


def test_a_list_of_errors_that_cannot_be_written_stages_nothing(app: Flask, tmp_path: Path) -> None:
    make_controller(app, "okwind")
    file = tmp_path / "people.csv"
    file.write_text("email\nnobody\n")
    errors = str(tmp_path / "nowhere" / "errors.csv")
    refused = run(app, "import", "okwind", str(file), "--channels", "email", "--errors", errors)
    assert (refused.exit_code, "Could not open file" in refused.stderr) == (1, True)
    assert run(app, "imports", "list", "okwind", "--json").stdout == "[]\n"


def test_what_is_written_from_a_pipe_is_for_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    make_controller(app, "okwind")
    output = tmp_path / "out.csv"
    words = ["links", "okwind", "-", "--output", str(output)]
    made = app.test_cli_runner().invoke(args=words, input="email\na@example.fr\n")
    assert made.exit_code == 0, made.output
    assert output.stat().st_mode & 0o777 == 0o600
