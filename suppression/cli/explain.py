"""The command `flask explain`, which shows why two identifiers match or not. It stores nothing."""

from __future__ import annotations

import click

from suppression.cli.base import TextCommand
from suppression.domain.controllers.model import valid_country
from suppression.domain.errors import IdentifierParseError, InvalidValueError
from suppression.domain.identifiers.explain import Comparison, Explanation, compare, explain
from suppression.domain.identifiers.limits import Limit
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import Kind

_LIMITS = {
    Limit.CEDEX: "a limit: the postcode of a CEDEX is not turned into that of the street",
    Limit.PLUS_TAG: "a limit: what follows a + is another mailbox, but at gmail.com",
    Limit.MISSPELLING: "a limit: misspellings are not corrected",
}


@click.command("explain", cls=TextCommand)
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("text")
@click.argument("other", required=False)
@click.option("--country", default="FR", help="The country of national numbers and addresses: FR.")
def explain_command(kind: str, text: str, other: str | None, country: str) -> None:
    """Show how TEXT becomes its canonical form, and every form; with OTHER, whether they match.

    For postal, separate the lines by `;`. Nothing is stored or logged.
    """
    try:
        country = valid_country(country)
    except InvalidValueError as error:
        raise click.UsageError(f"--{error.detail}") from None
    identifier_kind = Kind(kind)
    texts = [text] if other is None else [text, other]
    values = [_value(identifier_kind, text) for text in texts]
    try:
        for value in values:
            _show(explain(identifier_kind, value, region=country))
        if other is not None:
            _print_comparison(compare(identifier_kind, values[0], values[1], region=country))
    except IdentifierParseError as error:
        raise click.ClickException(f"{error.code}: {error.detail}") from None


def _value(kind: Kind, text: str) -> str | PostalAddress:
    if kind is not Kind.POSTAL:
        return text
    return PostalAddress(lines=tuple(line.strip() for line in text.split(";")))


def _show(explanation: Explanation) -> None:
    width = max(len(step.name) for step in explanation.steps)
    for step in explanation.steps:
        click.echo(f"{step.name:<{width}}  {step.text}")
    click.echo("forms:")
    for form in explanation.forms:
        click.echo(f"  {form.label:<13} {form.use:<8} {form.text}")
        click.echo(f"  {'':<13} {'sha256':<8} {form.sha256}")
    click.echo("")


def _print_comparison(comparison: Comparison) -> None:
    if comparison.match:
        click.echo("match: a stop on either denies the other")
        return
    ways = (comparison.stop_on_first_denies_second, comparison.stop_on_second_denies_first)
    if any(ways):
        stopped, denied = ("first", "second") if ways[0] else ("second", "first")
        click.echo(
            f"match one way: a stop on the {stopped} denies the {denied}, not the other way round"
        )
    else:
        click.echo("no match")
    if comparison.parting:
        parting = comparison.parting
        click.echo(f"they part at `{parting.step}`: {parting.first!r} and {parting.second!r}")
        if parting.limit:
            click.echo(_LIMITS[parting.limit])
