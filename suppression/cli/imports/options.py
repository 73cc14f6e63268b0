"""The options of `flask import` that apply to all rows, such as --channels and --reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from suppression.domain.calendar.date_parsing import DateRange, parse_date_range
from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.controllers.model import Controller
from suppression.domain.imports.options import ImportOptions, parse_options
from suppression.domain.suppressions.kinds import STATABLE_REASONS
from suppression.domain.vocabulary import Kind, Purpose, Reason

Command = TypeVar("Command", bound=Callable[..., object])

_PURPOSES = [str(purpose) for purpose in Purpose if purpose is not Purpose.SERVICE]


def options_for_all_rows(command: Command) -> Command:
    """Add the options for all rows to a command; most give the value of empty or missing cells."""
    for option in (
        click.option("--channels", help="Like email,sms,telephone,post; all if absent."),
        click.option("--purpose", type=click.Choice(_PURPOSES)),
        click.option("--topic", help="The topic to stop; all topics if absent."),
        click.option(
            "--reason",
            type=click.Choice([str(reason) for reason in Reason if reason in STATABLE_REASONS]),
        ),
        click.option("--occurred-at", help="When they said stop, for rows without a date."),
        click.option("--expires-at", help="When imported stops end; never if absent."),
        click.option("--country", help="The country of national numbers and addresses."),
        click.option(
            "--kind", type=click.Choice([str(kind) for kind in Kind]), help="What the digests hash."
        ),
        click.option("--scheme", help="How digests were made: plain, meta-phone, google-email."),
        click.option("--whole-address", is_flag=True, help="Stop whole postal addresses."),
    ):
        command = option(command)
    return command


def options_from_words(options: Mapping[str, Any], controller: Controller) -> ImportOptions:
    """Return the options for all rows from the text of the command's options.

    A date may have any format that a file's dates may have. Raises UsageError for a date that
    cannot be parsed, InvalidValueError for another invalid value.
    """
    names = ("channels", "purpose", "topic", "reason", "country", "kind", "scheme")
    words = {name: options[name] for name in names if options[name]}
    if options["whole_address"]:
        words["whole_address"] = "yes"
    if options["expires_at"]:
        words["expires_at"] = to_rfc3339(
            _meant("expires-at", options["expires_at"], controller).end
        )
    row_options = parse_options(words)
    if not options["occurred_at"]:
        return row_options
    meant = _meant("occurred-at", options["occurred_at"], controller)
    return dataclasses.replace(row_options, occurred_at=meant)


def _meant(option: str, text: str, controller: Controller) -> DateRange:
    try:
        return parse_date_range(text, controller.country)
    except ValueError:
        raise click.UsageError(f"--{option}: write a date like 2025-12-31.") from None
