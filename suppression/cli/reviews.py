"""The command `flask reviews list`, which lists the stops that a person should review."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from suppression.cli.base import ServiceCommand
from suppression.cli.output import json_option, print_list
from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.suppressions.reviews import list_reviews

reviews = AppGroup("reviews", help="Stops that are in force and that a person should look at.")


@reviews.command("list", cls=ServiceCommand)
@click.argument("slug")
@json_option
def list_reviews_command(slug: str, as_json: bool) -> None:  # noqa: FBT001 - a flag of click
    """List the open reviews, oldest first: the reference of the stops in the ledger, why, when."""
    rows = [
        {
            "reference": review.reference,
            "why": review.why,
            "recorded": to_rfc3339(review.recorded_at),
        }
        for review in list_reviews(find_controller(slug))
    ]
    print_list(("reference", "why", "recorded"), rows, as_json=as_json)
