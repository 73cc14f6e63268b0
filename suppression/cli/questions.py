"""flask check and flask suppress: one decision, one stop."""

from __future__ import annotations

import json

import click

from suppression.cli.command import ServiceCommand, now, say, services
from suppression.domain.controllers import Controller
from suppression.domain.decisions import Answer
from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.extents import Coverage
from suppression.domain.identifiers.forms import PostalAddress, Value
from suppression.domain.moments import rfc3339
from suppression.domain.questions import Question, Unaskable
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import Channel, Decision, Evidence, Kind, Purpose, Reason
from suppression.usecases.answer_once import Rendered
from suppression.usecases.check import check
from suppression.usecases.find_controller import find_controller
from suppression.usecases.record_stops import StopAnswer, StopRequest
from suppression.usecases.suppress import suppress

_CHANNELS = click.Choice([channel.value for channel in Channel])
_WITH_CHANNEL = click.Choice([one.value for one in Purpose if one.has_channel])
_REASONS = click.Choice([one.value for one in Reason if not one.covers_everything])


@click.command("check", cls=ServiceCommand)
@click.argument("slug")
@click.argument("channel", type=_CHANNELS)
@click.argument("text")
@click.option("--purpose", type=_WITH_CHANNEL, default=Purpose.MARKETING.value)
@click.option("--topic", default="", help="A topic of the controller.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer, for programs.")
def check_command(
    slug: str,
    channel: str,
    text: str,
    purpose: str,
    topic: str,
    as_json: bool,  # noqa: FBT001 - a flag of click
) -> None:
    """Print the decision: allow, deny or unknown. For post, part the lines of TEXT by `;`."""
    controller = find_controller(slug)
    wanted = Channel(channel)
    extent = Extent(channel=wanted, purpose=Purpose(purpose), topic=topic)
    question = _question(controller, wanted, text, extent)
    (answer,) = check(services(), controller, [question], now=now())
    if as_json:
        click.echo(json.dumps(_described(answer)))
        return
    for reason in answer.reasons:
        say(f"{reason.code} {rfc3339(reason.since) if reason.since else ''}".strip())
    if answer.retry_at:
        say(f"allowed from {rfc3339(answer.retry_at)}")
    click.echo(answer.decision.value)


@click.command("suppress", cls=ServiceCommand)
@click.argument("slug")
@click.argument("channel", type=_CHANNELS)
@click.argument("text")
@click.option("--reason", type=_REASONS, default=Reason.OBJECTION.value)
@click.option("--topic", default="", help="A topic of the controller; all without it.")
def suppress_command(slug: str, channel: str, text: str, reason: str, topic: str) -> None:
    """Record a stop and print its reference. For post, part the lines of TEXT by `;`."""
    controller = find_controller(slug)
    wanted = Channel(channel)
    moment = now()
    request = StopRequest(
        subjects=(services().subject(controller, wanted.kind, _value(wanted, text)),),
        coverage=Coverage(channels=(wanted,), topic=topic),
        reason=Reason(reason),
        evidence=Evidence.API,
        occurred_at=moment,
    )
    answer = suppress(controller, request, _as_text, actor="cli", now=moment)
    click.echo(answer.body)


def _question(
    controller: Controller, channel: Channel, text: str, extent: Extent
) -> Question | Unaskable:
    try:
        subject = services().subject(
            controller, channel.kind, _value(channel, text), consent=channel.kind is Kind.POSTAL
        )
    except UnreadableIdentifierError as error:
        say(error.detail)
        return Unaskable(code=error.code)
    return Question(subject=subject, extent=extent)


def _value(channel: Channel, text: str) -> Value:
    if channel.kind is not Kind.POSTAL:
        return text
    return PostalAddress(lines=tuple(line.strip() for line in text.split(";")))


def _described(answer: Answer) -> dict[str, object]:
    described: dict[str, object] = {
        "decision": answer.decision.value,
        "reasons": [reason.code for reason in answer.reasons],
        "checked_at": rfc3339(answer.checked_at),
    }
    if answer.decision is Decision.ALLOW and answer.basis:
        described["basis"] = answer.basis.value
    if answer.retry_at:
        described["retry_at"] = rfc3339(answer.retry_at)
    return described


def _as_text(answer: StopAnswer) -> Rendered:
    for result in answer.results:
        say(f"{result.extent.channel}: {result.outcome}, since {rfc3339(result.since)}")
    return Rendered(status=0, body=answer.reference)
