"""Open the files that commands read and write, and parse the options of contact files.

Everywhere, `-` is standard input or output.
"""

from __future__ import annotations

import errno
import io
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeVar

import click

from suppression.adapters.files.annotated_file import replace_when_done
from suppression.adapters.files.column_names import FIELDS
from suppression.adapters.files.contact_file import ContactFile, FileOptions
from suppression.adapters.files.decoding import ByteStream, Seen
from suppression.domain.errors import InvalidValueError

Command = TypeVar("Command", bound=Callable[..., object])

STANDARD = "-"
_NOT_WRITTEN = {errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.ENOSPC, errno.EROFS}
READ = click.Path(exists=True, dir_okay=False, allow_dash=True)
"""The click type of a file to read."""
WRITTEN = click.Path(dir_okay=False, writable=True, allow_dash=True)
"""The click type of a file to write."""
_MOST_HELD = 256 << 20
DELIMITERS = {",": ",", ";": ";", "tab": "\t"}


@contextmanager
def reading(name: str) -> Iterator[BinaryIO]:
    """Open a file and yield its binary stream; for `-`, yield standard input and leave it open."""
    if name == STANDARD:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as raw:
        yield raw


@contextmanager
def reading_twice(name: str) -> Iterator[BinaryIO]:
    """Yield a binary stream of a file, or of standard input for `-`, that can be rewound.

    The content of a pipe is held in memory, never on a disk. Raises UsageError for a pipe with more
    than 256 MiB.
    """
    with reading(name) as raw:
        if raw.seekable():
            yield raw
            return
        held = raw.read(_MOST_HELD + 1)
        if len(held) > _MOST_HELD:
            raise click.UsageError("Standard input has more than 256 MiB: name a file instead.")
        yield io.BytesIO(held)


def size_of(name: str) -> int | None:
    """Return the size of a file in bytes; None for standard input, a pipe or a device."""
    if name == STANDARD:
        return None
    status = Path(name).stat()
    return status.st_size if stat.S_ISREG(status.st_mode) else None


@contextmanager
def writing(name: str) -> Iterator[TextIO]:
    """Yield a text file for csv.writer; for `-`, yield standard output and leave it open.

    Raises FileError if the file cannot be opened for writing.
    """
    if name == STANDARD:
        yield sys.stdout
        sys.stdout.flush()
        return
    with _made(name) as lines:
        yield lines


@contextmanager
def joining(name: str, *, like: str) -> Iterator[BinaryIO]:
    """Yield a binary file that appears only once it is complete; for `-`, standard output.

    The file is compressed if `name` ends with .gz. It gets the permissions of the input file
    `like`; if `like` is `-`, only its owner can read it. Raises ClickException if the folder is not
    writable, or the disk or a quota is full.
    """
    if name == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with replace_when_done(Path(name), like=None if like == STANDARD else Path(like)) as out:
            yield out
    except OSError as error:
        if error.errno not in _NOT_WRITTEN:
            raise
        raise click.ClickException(f"{name} was not written: {error.strerror}.") from None


def output_for(file: str, output: str | None, *, what: str, as_json: bool) -> str:
    """Return where to write: `output` if given, else beside the file, like `people.<what>.csv`.

    Without `output`, standard input goes to standard output. Raises UsageError if --json prints on
    standard output too, or if the place is the input file, a folder or device, or in a missing
    folder.
    """
    if output == STANDARD or (output is None and file == STANDARD):
        is_standard(STANDARD, as_json=as_json)
        return STANDARD
    path = Path(output) if output else _beside(Path(file), what)
    if file != STANDARD and path.resolve() == Path(file).resolve():
        raise click.UsageError("--output: write to another file than the one that is read.")
    if path.exists() and not path.is_file():
        raise click.UsageError("--output: name a file, or - for standard output.")
    if not path.parent.is_dir():
        raise click.UsageError("--output: there is no such folder.")
    return str(path)


def is_standard(output: str | None, *, as_json: bool) -> bool:
    """Return whether `output` is standard output. Raises UsageError if --json prints there too."""
    if output == STANDARD and as_json:
        raise click.UsageError("--json prints on standard output: name a file to write, not -.")
    return output == STANDARD


def file_options(command: Command) -> Command:
    """Add the options that describe a contact file to a command; omitted ones are detected."""
    for option in (
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="NAME=WHERE",
            help="The file's column for one of ours: email=Courriel or email=3.",
        ),
        click.option("--header/--no-header", default=None, help="Is the first row a header?"),
        click.option(
            "--delimiter", type=click.Choice(sorted(DELIMITERS)), help="Detected if absent."
        ),
        click.option("--encoding", help="Detected if absent: UTF-8, else Windows-1252."),
    ):
        command = option(command)
    return command


def parse_file_options(options: dict[str, Any]) -> FileOptions:
    """Return the values of the options of `file_options`. Raises UsageError for a bad --column."""
    named, delimiter = {}, options["delimiter"]
    for option in options["columns"]:
        name, _, where = option.partition("=")
        if name not in FIELDS or not where:
            raise click.UsageError(
                f"--column: write NAME=WHERE, NAME one of {', '.join(sorted(FIELDS))}."
            )
        named[name] = where
    return FileOptions(
        columns=named,
        header=options["header"],
        delimiter=DELIMITERS[delimiter] if delimiter else None,
        encoding=options["encoding"],
    )


def open_contact_file(raw: ByteStream, options: FileOptions, seen: Seen) -> ContactFile:
    """Return the contact file in `raw`; `seen` is called with each block of bytes that is read.

    Raises UsageError if the file cannot be used or an option is wrong, BodyTooLargeError for a file
    over the limits.
    """
    try:
        return ContactFile(raw, options, seen=seen)
    except InvalidValueError as error:
        raise click.UsageError(error.detail) from None
    except LookupError:
        raise click.UsageError("--encoding: use one that Python knows, like cp1252.") from None


def _made(name: str) -> TextIO:
    try:
        return Path(name).open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise click.FileError(name, hint=error.strerror) from None


def _beside(file: Path, what: str) -> Path:
    suffixes = "".join(file.suffixes[-2:]) if file.suffix == ".gz" else file.suffix
    return file.with_name(f"{file.name.removesuffix(suffixes)}.{what}{suffixes}")
