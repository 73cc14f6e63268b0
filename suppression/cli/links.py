"""The command `flask links`, which makes an unsubscribe link for each row of a file."""

from __future__ import annotations

from typing import Any

import click

from suppression.adapters.files.annotated_file import AnnotatedFileWriter
from suppression.cli.base import ServiceCommand, echo_err, services
from suppression.cli.files import (
    READ,
    STANDARD,
    WRITTEN,
    file_options,
    joining,
    open_contact_file,
    output_for,
    parse_file_options,
    reading,
    size_of,
)
from suppression.cli.output import json_option, print_json
from suppression.cli.progress import progress_of
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.unsubscribe.make_links_for_file import (
    ADDED,
    FileLinks,
    make_links_for_rows,
    valid_ref_of,
)


@click.command("links", cls=ServiceCommand)
@click.argument("slug")
@click.argument("file", type=READ)
@click.option("--topic", default="", help="The topic that a click stops; all marketing if absent.")
@click.option("--ref", default="", help="Your own reference, like a campaign; put into every link.")
@click.option("--language", type=click.Choice(["fr", "en"]), help="For rows without a language.")
@click.option("--output", "-o", type=WRITTEN, help="The file to write; FILE.links if absent.")
@json_option
@file_options
def links_command(
    slug: str,
    file: str,
    *,
    output: str | None,
    as_json: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Copy the rows that are not blank, and add an unsubscribe link and its mail headers to each.

    All columns are kept. A row that can have no link says why in `link_error`: send it nothing.
    """
    target = output_for(file, output, what="links", as_json=as_json)
    controller, failed, links = find_controller(slug), 0, _links(options)
    with reading(file) as raw, progress_of("Linking", size_of(file)) as progress:
        contacts = open_contact_file(raw, parse_file_options(options), progress.seen)
        with joining(target, like=file) as out:
            joined = AnnotatedFileWriter(contacts, out, ADDED)
            joined.begin()
            for rows, cells in make_links_for_rows(services(), controller, contacts, links):
                joined.write(rows, cells)
                failed += sum(bool(cell[-1]) for cell in cells)
                progress.done(len(rows))
    made = progress.count - failed
    if as_json:
        print_json({"made": made, "failed": failed, "output": target})
        return
    echo_err(f"{made} links made, {failed} rows without one; {progress.rate}")
    if target != STANDARD:
        click.echo(target)


def _links(options: dict[str, Any]) -> FileLinks:
    return FileLinks(
        topic=options["topic"],
        ref=valid_ref_of(options["ref"]) if options["ref"] else "",
        language=options["language"] or "",
        ref_column=any(option.startswith("ref=") for option in options["columns"]),
    )
