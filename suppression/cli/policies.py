"""The commands `flask policies`, which show, set and test the policies of a controller."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise

import click
from flask.cli import AppGroup

from suppression.cli.base import ServiceCommand, echo_err, now
from suppression.cli.files import READ, reading
from suppression.cli.output import json_option, print_json, print_list
from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.policies.changes import PolicyChange, changes_between
from suppression.domain.policies.model import Policy, PolicySet
from suppression.domain.policies.serialization import to_dict
from suppression.domain.policies.settings import to_settings
from suppression.domain.policy_testing.cases import (
    PolicyTestCase,
    describe_result,
    policies_for,
    read_cases,
    run_case,
)
from suppression.domain.policy_testing.summary import summarize_policies
from suppression.domain.vocabulary import Preset, Sector
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.policies.change import (
    PolicyChangeRequest,
    change_policies,
    preview_policies,
)
from suppression.usecases.policies.queries import PolicyVersion, list_policies

policies = AppGroup("policies", help="Show, set and try the policies of a controller.")

_PRESETS = click.Choice([preset.value for preset in Preset])
_SECTORS = click.Choice([sector.value for sector in Sector])
_ALWAYS_SHOWN = {"rule", "attestable"}


@policies.command("show", cls=ServiceCommand)
@click.argument("slug")
@click.option("--versions", is_flag=True, help="Show every version and what it changed.")
@json_option
def show_command(slug: str, versions: bool, as_json: bool) -> None:  # noqa: FBT001 - flags of click
    """Print the policies in force as settings in the format that `flask policies set` takes.

    A setting with its default value is left out, unless it is `rule` or `attestable`.
    """
    policy_versions = list_policies(find_controller(slug))
    if versions:
        _show_versions(policy_versions, as_json=as_json)
        return
    current = policy_versions[-1]
    if as_json:
        print_json(_document(current.policy_set))
        return
    echo_err(
        f"{_title(current.policy_set)}, since {to_rfc3339(current.recorded_at)} by {current.actor}"
    )
    for policy in current.policy_set.policies.values():
        for setting in _telling(policy):
            click.echo(f"{policy.path}.{setting}")


@policies.command("set", cls=ServiceCommand)
@click.argument("slug")
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--preset", type=_PRESETS, help="Start over from this preset.")
@click.option("--sector", type=_SECTORS, help="What the controller sells; with --preset.")
@click.option("--dry-run", is_flag=True, help="Show what would change; store nothing.")
def set_command(
    slug: str,
    settings: tuple[str, ...],
    preset: str | None,
    sector: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of click
) -> None:
    """Write the next version of the policies and print its number. Checks apply it at once."""
    if sector and not preset:
        raise click.UsageError("--sector goes with --preset: the policies begin anew from both.")
    controller = find_controller(slug)
    change = PolicyChangeRequest(
        preset=Preset(preset) if preset else None,
        sector=Sector(sector) if sector else None,
        settings=settings,
    )
    if dry_run:
        _tell(preview_policies(controller, change))
        echo_err("Nothing is written.")
        return
    version, changes = change_policies(controller, change, actor="cli", now=now())
    _tell(changes)
    click.echo(version)


@policies.command("test", cls=ServiceCommand)
@click.argument("slug")
@click.argument("file", required=False, type=READ)
@json_option
def test_command(slug: str, file: str | None, *, as_json: bool) -> None:
    """Test the policies with the cases of a CSV file, and print those that differ.

    Ends with 1 if a case differs. Without FILE, print the answers at some instructive times. The
    columns of the file are listed in docs/policies.md.
    """
    current = list_policies(find_controller(slug))[-1].policy_set
    if file is None:
        columns = ("case", "at", "answer")
        rows = [dict(zip(columns, row, strict=True)) for row in summarize_policies(current, now())]
        print_list(columns, rows, as_json=as_json)
        return
    cases = read_cases(io.StringIO(_text(file), newline=""))
    differing = list(_differing(cases, current))
    if as_json:
        counts = {"version": current.version, "cases": len(cases), "differ": len(differing)}
        print_json(counts | {"differing": differing})
    else:
        print_list(("case", "expected", "got"), differing, as_json=False)
        echo_err(f"{len(cases)} cases, {len(differing)} differ from {_title(current)}.")
    if differing:
        raise click.exceptions.Exit(1)


def _differing(cases: Sequence[PolicyTestCase], policy_set: PolicySet) -> Iterator[dict[str, str]]:
    """Yield each case whose result is not the expected one: its name and both results.

    Raises InvalidValueError if a case has an invalid setting, or a preset that lacks its sector.
    """
    for case in cases:
        got = run_case(case, policies_for(case, policy_set))
        if got != case.expected:
            expected = describe_result(case.expected, case.zone)
            yield {"case": case.name, "expected": expected, "got": describe_result(got, case.zone)}


def _text(file: str) -> str:
    try:
        with reading(file) as raw:
            return raw.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException("Save the table as CSV in UTF-8.") from None


def _tell(changes: Sequence[PolicyChange]) -> None:
    """Print the changes; then print once more, together, those that allow more than before."""
    for change in changes:
        echo_err(str(change))
    if looser := [str(change) for change in changes if change.looser]:
        echo_err(f"this allows more than before: {'; '.join(looser)}")


def _title(policy_set: PolicySet) -> str:
    sector = f" ({policy_set.sector})" if policy_set.sector else ""
    return f"version {policy_set.version} of {policy_set.preset}{sector}"


def _telling(policy: Policy) -> Iterator[str]:
    """Yield a policy's settings, as `name=value`, without those that have their default value.

    Those in `_ALWAYS_SHOWN` are never left out.
    """
    plain = to_settings(Policy(channel=policy.channel, purpose=policy.purpose, rule=policy.rule))
    for name, value in to_settings(policy).items():
        if name in _ALWAYS_SHOWN or plain.get(name) != value:
            yield f"{name}={value}"


def _document(policy_set: PolicySet) -> dict[str, object]:
    return {
        "version": policy_set.version,
        "preset": policy_set.preset,
        "sector": policy_set.sector,
        "policies": [to_dict(policy) for policy in policy_set.policies.values()],
    }


def _show_versions(versions: Sequence[PolicyVersion], *, as_json: bool) -> None:
    rows = [
        {
            "version": policy_version.policy_set.version,
            "since": to_rfc3339(policy_version.recorded_at),
            "by": policy_version.actor,
            "preset": policy_version.policy_set.preset,
            "sector": policy_version.policy_set.sector,
        }
        for policy_version in versions
    ]
    sets = [policy_version.policy_set for policy_version in versions]
    changes = [[], *(changes_between(*pair) for pair in pairwise(sets))]
    if as_json:
        documents = [
            row | {"changes": list(map(str, of))} for row, of in zip(rows, changes, strict=True)
        ]
        print_json(documents)
        return
    click.echo("\t".join(rows[0]))
    for row, of in zip(rows, changes, strict=True):
        click.echo("\t".join(str(value or "") for value in row.values()))
        for change in of:
            click.echo(f"\t{change}")
