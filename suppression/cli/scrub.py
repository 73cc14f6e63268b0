"""The command `flask scrub`, which copies a file of recipients with a decision for each row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from suppression.adapters.files.annotated_file import AnnotatedFileWriter
from suppression.adapters.files.cell_values import country_of
from suppression.cli.base import ServiceCommand, echo_err, services
from suppression.cli.files import (
    READ,
    STANDARD,
    WRITTEN,
    Command,
    file_options,
    joining,
    open_contact_file,
    output_for,
    parse_file_options,
    reading,
    size_of,
)
from suppression.cli.output import json_option, print_json
from suppression.cli.progress import Progress, progress_of
from suppression.domain.calendar.timestamps import from_rfc3339, to_rfc3339
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.scrubs import ScrubCounts, ScrubRequest
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import ATTESTABLE, Basis, Channel, Decision, Purpose
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.scrubs.run import ScrubResult, run_scrub

_CHANNELS = click.Choice([channel.value for channel in Channel])
_PURPOSES = click.Choice([purpose.value for purpose in Purpose if purpose.has_channel])
_BASES = click.Choice(sorted(basis.value for basis in ATTESTABLE if basis is not Basis.APPOINTMENT))


def _check_options(command: Command) -> Command:
    """Add to a command the options of the check that is made for every row of a file."""
    for option in (
        click.option("--channel", type=_CHANNELS, required=True),
        click.option("--purpose", type=_PURPOSES, default=Purpose.MARKETING.value),
        click.option("--topic", default="", help="A topic of the controller."),
        click.option("--country", help="The country of national numbers, for rows that name none."),
        click.option("--basis", type=_BASES, help="The lawful basis that you state for every row."),
        click.option("--at", help="The moment of the contact, like 2026-11-23T09:30:00Z."),
        click.option(
            "--scheme", default="plain", help="How digests were made; checks take `plain` alone."
        ),
    ):
        command = option(command)
    return command


@click.command("scrub", cls=ServiceCommand)
@click.argument("slug")
@click.argument("file", type=READ)
@_check_options
@click.option("--output", "-o", type=WRITTEN, help="The file to write; FILE.scrubbed if absent.")
@click.option("--only-allowed", is_flag=True, help="Write the allowed rows alone; add no column.")
@json_option
@file_options
def scrub_command(
    slug: str,
    file: str,
    *,
    output: str | None,
    only_allowed: bool,
    as_json: bool,
    **options: Any,  # noqa: ANN401 - click's
) -> None:
    """Write a copy of the file with `decision` and `reasons` in each row, or only the allowed rows.

    All columns are kept. Rows that cannot be read are `unknown`; blank rows are left out. If the
    copy goes to standard output, the counts are printed on standard error.
    """
    file_format, request = parse_file_options(options), _scrub_request(options)
    target = output_for(file, output, what="scrubbed", as_json=as_json)
    controller, as_of, counts = find_controller(slug), services().clock(), ScrubCounts()
    with reading(file) as raw, progress_of("Scrubbing", size_of(file)) as progress:
        contacts = open_contact_file(raw, file_format, progress.seen)
        with joining(target, like=file) as out:
            joined = AnnotatedFileWriter(
                contacts, out, () if only_allowed else ("decision", "reasons")
            )
            joined.begin()
            for batch in run_scrub(
                services(), controller, contacts, request, clock=services().clock
            ):
                _write(joined, batch, only_allowed=only_allowed)
                counts.add(batch.answers)
                progress.done(len(batch.rows))
    _tell(counts, target, as_of, as_json=as_json, progress=progress)


def _scrub_request(options: dict[str, Any]) -> ScrubRequest:
    channel, basis, at = Channel(options["channel"]), options["basis"], options["at"]
    country = country_of(options["country"]) if options["country"] else None
    if options["country"] and not country:
        raise click.UsageError("--country: write an ISO 3166-1 code, like FR.")
    try:
        instant = from_rfc3339(at) if at else None
    except ValueError:
        raise click.UsageError("--at: write a time like 2026-11-23T09:30:00Z.") from None
    purpose = Purpose(options["purpose"])
    return ScrubRequest(
        scope=Scope(channel=channel, purpose=purpose, topic=options["topic"]),
        kind=channel.kind,
        country=country,
        attested=Basis(basis) if basis else None,
        at=instant,
        scheme=options["scheme"],
    )


def _write(joined: AnnotatedFileWriter, batch: ScrubResult, *, only_allowed: bool) -> None:
    if only_allowed:
        pairs = zip(batch.rows, batch.answers, strict=True)
        joined.write_raw([row for row, answer in pairs if answer.decision is Decision.ALLOW])
        return
    # Most results are one object, shared by identifiers without records.
    made = {
        id(result): _cells(result)
        for result in {id(result): result for result in batch.answers}.values()
    }
    joined.write(batch.rows, [made[id(result)] for result in batch.answers])


def _cells(answer: CheckResult) -> tuple[str, str]:
    reasons = dict.fromkeys(reason.code for reason in answer.reasons)
    return answer.decision.value, " ".join(reasons)


def _tell(
    counts: ScrubCounts, target: str, as_of: datetime, *, as_json: bool, progress: Progress
) -> None:
    summary = counts.summary()
    if as_json:
        until = to_rfc3339(counts.valid_until) if counts.valid_until else None
        document = {"as_of": to_rfc3339(as_of), "valid_until": until, "rows": counts.rows}
        print_json(document | {"summary": summary, "output": target})
        return
    tell = echo_err if target == STANDARD else click.echo
    echo_err(f"{counts.rows} rows, {progress.rate}; as of {to_rfc3339(as_of)}")
    for name in Decision:
        tell(f"{name}\t{summary[name]}")
    for code, number in sorted(counts.reasons.items()):
        echo_err(f"{code}\t{number}")
    if counts.valid_until:
        echo_err(f"Use it until {to_rfc3339(counts.valid_until)}, then scrub again.")
    if target != STANDARD:
        click.echo(target)
