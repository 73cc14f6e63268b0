"""Print the output of commands on stdout: lists with headings, and JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import click

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON array or object."
)
"""The option `--json`, for commands that can print JSON."""


def print_json(value: object) -> None:
    """Print a JSON array or object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_list(
    columns: Sequence[str], rows: Sequence[Mapping[str, object]], *, as_json: bool
) -> None:
    """Print rows as a JSON array, or as lines under a heading, with tabs between cells.

    `columns` names the cells in their order; every row must have each of them.
    """
    if as_json:
        print_json([{name: row[name] for name in columns} for row in rows])
        return
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join(_cell(row[name]) for name in columns))


def _cell(value: object) -> str:
    """Return a value as text for people: '' for None, yes or no, a list with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)
