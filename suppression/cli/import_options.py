"""The options of flask import: what holds for all rows that do not say it themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import click

from suppression.domain.controllers import Controller
from suppression.domain.import_terms import ImportTerms, terms_of
from suppression.domain.moments import rfc3339
from suppression.domain.places import zone_of_country
from suppression.domain.vocabulary import Kind, Purpose, Reason
from suppression.domain.written_dates import written_moment

Command = TypeVar("Command", bound=Callable[..., object])

_EARLIEST_ZONE = "Etc/GMT-14"
_PURPOSES = [str(one) for one in Purpose if one is not Purpose.SERVICE]
_DATES = ("occurred_at", "expires_at")


def for_all_rows(command: Command) -> Command:
    """The options that speak for all rows; most stand in for cells that are empty."""
    for option in (
        click.option("--channels", help="email,sms,telephone,post; all without it."),
        click.option("--purpose", type=click.Choice(_PURPOSES)),
        click.option("--topic", help="All topics without it."),
        click.option("--reason", type=click.Choice([str(one) for one in Reason])),
        click.option("--occurred-at", help="When they said it, for rows without a date."),
        click.option("--expires-at", help="When imported stops end; never without it."),
        click.option("--country", help="Whose national numbers and addresses these are."),
        click.option("--kind", type=click.Choice([str(one) for one in Kind]), help="Of digests."),
        click.option("--scheme", help="Of digests: plain, meta-phone or google-email."),
        click.option("--whole-address", is_flag=True, help="Stop whole postal addresses."),
    ):
        command = option(command)
    return command


def terms_from(said: Mapping[str, Any], controller: Controller) -> ImportTerms:
    """What holds for all rows; dates may be written as in a file."""
    names = ("channels", "purpose", "topic", "reason", "country", "kind", "scheme")
    words = {name: said[name] for name in names if said[name]}
    if said["whole_address"]:
        words["whole_address"] = "yes"
    zone = zone_of_country(controller.country, otherwise=_EARLIEST_ZONE)
    for name in _DATES:
        if said[name]:
            words[name] = rfc3339(_moment(name, said[name], zone))
    return terms_of(words)


def _moment(name: str, text: str, zone: str) -> datetime:
    try:
        return written_moment(text, zone)
    except ValueError:
        option = name.replace("_", "-")
        raise click.UsageError(f"--{option}: write a date like 2025-12-31.") from None
