"""The command `flask seed`, which creates the demo controller."""

from __future__ import annotations

import click

from suppression.cli.base import ServiceCommand, echo_err, now, services
from suppression.usecases.operations.seed_demo import DEMO_SLUG, seed_demo


@click.command("seed", cls=ServiceCommand)
@click.option("--demo", is_flag=True, required=True, help="Make a demo controller and people.")
def seed_command(demo: bool) -> None:  # noqa: FBT001 - a flag of click
    """Make a demo controller with invented people, and print its API key once."""
    if not demo:
        raise click.UsageError("Nothing to seed: say --demo.")
    key = seed_demo(services(), now=now())
    if key is None:
        echo_err(
            f"The controller {DEMO_SLUG} is there already; make a key: flask keys create demo ..."
        )
        return
    echo_err("This key of the demo controller is shown once; only its hash is kept.")
    click.echo(key)
