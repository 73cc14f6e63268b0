"""flask links: an unsubscribe link and its headers for each row of a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from suppression.adapters.joined_files import JoinedFile, replacing
from suppression.cli.command import ServiceCommand, now, say, services
from suppression.cli.file_options import file_options, looked_at, output_for, wanted_of
from suppression.cli.progress import progress_of
from suppression.usecases.find_controller import find_controller
from suppression.usecases.link_rows import ADDED, FileLinks, checked_ref, link_rows


@click.command("links", cls=ServiceCommand)
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--topic", default="", help="What a click stops; all marketing e-mail without it.")
@click.option("--ref", default="", help="Yours, a campaign's name for instance; in every link.")
@click.option("--language", type=click.Choice(["fr", "en"]), help="Of rows that say none.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="FILE.links without it.")
@click.option("--json", "as_json", is_flag=True, help="The summary for programs.")
@file_options
def links_command(
    slug: str,
    file: Path,
    *,
    output: Path | None,
    as_json: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Write the file anew with a link and its headers for a mail merge, every column kept.

    A row that can have no link says why in `link_error`: send it nothing.
    """
    wanted, target = wanted_of(options), output_for(file, output, what="links")
    controller, failed, links = find_controller(slug), 0, _links(options)
    with file.open("rb") as raw, progress_of(file) as progress:
        looked = looked_at(raw, wanted, progress.seen)
        with replacing(target, like=file) as out:
            joined = JoinedFile(looked, out, ADDED)
            joined.begin()
            for rows, cells in link_rows(services(), controller, looked, links, now=now()):
                joined.write(rows, cells)
                failed += sum(bool(one[-1]) for one in cells)
                progress.done(len(rows))
    made = progress.rows - failed
    if as_json:
        click.echo(json.dumps({"made": made, "failed": failed, "output": str(target)}))
        return
    say(f"{made} links made, {failed} rows without one; {progress.rate}")
    click.echo(str(target))


def _links(options: dict[str, Any]) -> FileLinks:
    return FileLinks(
        topic=options["topic"],
        ref=checked_ref(options["ref"]) if options["ref"] else "",
        language=options["language"] or "",
        ref_column=any(one.startswith("ref=") for one in options["columns"]),
    )
