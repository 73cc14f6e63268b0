"""The commands `flask check` (decide one check) and `flask suppress` (record one stop)."""

from __future__ import annotations

from typing import Any

import click

from suppression.cli.base import DatabaseAwayError, ServiceCommand, echo_err, now, services
from suppression.cli.output import json_option, print_json
from suppression.cli.program import UNKNOWN_STATUS
from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.display import display, is_a_number_in_use
from suppression.domain.identifiers.match_keys import PostalAddress, Value
from suppression.domain.suppressions.kinds import STATABLE_REASONS
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Decision, Evidence, Kind, Purpose, Reason
from suppression.usecases.checks.check import check
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.suppressions.record import StopAnswer, StopRequest
from suppression.usecases.suppressions.suppress import suppress

_CHANNELS = click.Choice([channel.value for channel in Channel])
_WITH_CHANNEL = click.Choice([purpose.value for purpose in Purpose if purpose.has_channel])
_REASONS = click.Choice(
    [
        reason.value
        for reason in Reason
        if reason in STATABLE_REASONS and not reason.covers_everything
    ]
)


_STATUS = {Decision.ALLOW: 0, Decision.UNKNOWN: UNKNOWN_STATUS, Decision.DENY: 10}
"""The exit statuses of `flask check`: a script that sends after `&&` sends only after allow.

The statuses 1 and 2 mean an error of the command itself.
"""


class CheckCommand(ServiceCommand):
    """The command `flask check`; its result is `unknown` if the database does not answer."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run the check; if the database does not answer, print `unknown` and exit with 3."""
        try:
            return super().invoke(ctx)
        except DatabaseAwayError as error:
            echo_err(f"Error: {error.message}")
            _tell({"decision": Decision.UNKNOWN.value, "reasons": []}, **ctx.params)
            ctx.exit(_STATUS[Decision.UNKNOWN])


@click.command("check", cls=CheckCommand)
@click.argument("slug")
@click.argument("channel", type=_CHANNELS)
@click.argument("text")
@click.option("--purpose", type=_WITH_CHANNEL, default=Purpose.MARKETING.value)
@click.option("--topic", default="", help="A topic of the controller.")
@json_option
def check_command(
    slug: str,
    channel: str,
    text: str,
    purpose: str,
    topic: str,
    as_json: bool,  # noqa: FBT001 - a flag of click
) -> None:
    """Print the decision: allow, deny or unknown. For post, separate the lines of TEXT by `;`.

    Ends with 0 for allow, 10 for deny, 3 for unknown or a database that does not answer, 1 or 2 for
    an error of the command.
    """
    controller = find_controller(slug)
    chosen = Channel(channel)
    scope = Scope(channel=chosen, purpose=Purpose(purpose), topic=topic)
    request = _check_request(controller, chosen, text, scope)
    (answer,) = check(services(), controller, [request], now=now())
    if not as_json:
        for reason in answer.reasons:
            echo_err(f"{reason.code} {to_rfc3339(reason.since) if reason.since else ''}".strip())
        if answer.retry_at:
            echo_err(f"allowed from {to_rfc3339(answer.retry_at)}")
    _tell(_described(answer), as_json=as_json)
    click.get_current_context().exit(_STATUS[answer.decision])


@click.command("suppress", cls=ServiceCommand)
@click.argument("slug")
@click.argument("channel", type=_CHANNELS)
@click.argument("text")
@click.option("--reason", type=_REASONS, default=Reason.OBJECTION.value)
@click.option("--topic", default="", help="A topic of the controller; all topics if absent.")
def suppress_command(slug: str, channel: str, text: str, reason: str, topic: str) -> None:
    """Record a stop and print its reference. For post, separate the lines of TEXT by `;`."""
    controller = find_controller(slug)
    chosen = Channel(channel)
    subject = services().subject(controller, chosen.kind, _value(chosen, text))
    _warn_of_typo(controller, chosen, text)
    request = StopRequest(
        subjects=(subject,),
        coverage=RequestedScope(channels=(chosen,), topic=topic),
        reason=Reason(reason),
        evidence=Evidence.API,
    )
    answer = suppress(controller, request, _as_text, actor="cli", now=now())
    click.echo(answer.body)


def _check_request(
    controller: Controller, channel: Channel, text: str, scope: Scope
) -> CheckRequest | InvalidCheck:
    try:
        subject = services().subject(
            controller, channel.kind, _value(channel, text), consent=channel.kind is Kind.POSTAL
        )
    except IdentifierParseError as error:
        echo_err(error.detail)
        return InvalidCheck(code=error.code)
    _warn_of_typo(controller, channel, text)
    return CheckRequest(subject=subject, scope=scope)


def _warn_of_typo(controller: Controller, channel: Channel, text: str) -> None:
    """Print a warning for a phone number that nobody can have, such as one that lacks a digit."""
    if channel.kind is not Kind.PHONE:
        return
    if not is_a_number_in_use(display(Kind.PHONE, text, region=controller.country)):
        echo_err("Warning: nobody has a number like this. Is a digit missing, or one too many?")


def _tell(answer: dict[str, object], *, as_json: bool, **_: object) -> None:
    if as_json:
        print_json(answer)
    else:
        click.echo(answer["decision"])


def _value(channel: Channel, text: str) -> Value:
    if channel.kind is not Kind.POSTAL:
        return text
    return PostalAddress(lines=tuple(line.strip() for line in text.split(";")))


def _described(answer: CheckResult) -> dict[str, object]:
    described: dict[str, object] = {
        "decision": answer.decision.value,
        "reasons": [reason.code for reason in answer.reasons],
        "checked_at": to_rfc3339(answer.checked_at),
    }
    if answer.decision is Decision.ALLOW and answer.basis:
        described["basis"] = answer.basis.value
    if answer.retry_at:
        described["retry_at"] = to_rfc3339(answer.retry_at)
    return described


def _as_text(answer: StopAnswer) -> StoredResponse:
    for result in answer.results:
        echo_err(f"{result.scope.channel}: {result.outcome}, since {to_rfc3339(result.since)}")
    return StoredResponse(status=0, body=answer.reference)
