"""The options that describe a file of contacts, for flask import, flask links and flask scrub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from suppression.adapters.files.column_names import FIELDS
from suppression.adapters.files.contact_file import ContactFile, FileOptions
from suppression.adapters.files.decoding import ByteStream, Seen
from suppression.domain.errors import InvalidValueError

Command = TypeVar("Command", bound=Callable[..., object])
DELIMITERS = {",": ",", ";": ";", "tab": "\t"}


def file_options(command: Command) -> Command:
    """Add options that describe a file of contacts; what the user does not give is detected."""
    for option in (
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="NAME=WHERE",
            help="Where one of our columns stands: email=Courriel or email=3.",
        ),
        click.option("--header/--no-header", default=None, help="Whether the first row is one."),
        click.option(
            "--delimiter", type=click.Choice(sorted(DELIMITERS)), help="Found by looking."
        ),
        click.option("--encoding", help="Found by looking: UTF-8, else Windows-1252."),
    ):
        command = option(command)
    return command


def parse_file_options(options: dict[str, Any]) -> FileOptions:
    """Return the options of `file_options` as FileOptions. Raises UsageError for a bad --column."""
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
    """Return the contact file in `raw`. Raises UsageError if its header or an option is wrong."""
    try:
        return ContactFile(raw, options, seen=seen)
    except InvalidValueError as error:
        raise click.UsageError(error.detail) from None
    except LookupError:
        raise click.UsageError("--encoding: use one that Python knows, like cp1252.") from None
