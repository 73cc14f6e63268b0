"""The page that records a person's request: a stop, or another right under the GDPR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from werkzeug.wrappers import Response

from suppression.adapters.observability.metrics import count_stop
from suppression.domain.cases.contents import CaseContact
from suppression.domain.cases.model import RequestReceived
from suppression.domain.cases.vocabulary import CameBy, CaseKind
from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Right, may
from suppression.domain.vocabulary import Channel, Evidence, Kind
from suppression.usecases.cases.open import CaseOutcome, CaseRequest, create_cases
from suppression.usecases.controllers.queries import find_controller
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.identifiers import ParsedIdentifiers, parse_each, typed_identifiers
from suppression.web.console.rendering import render_page
from suppression.web.http.context import services
from suppression.web.http.forms import LONG, NOTHING, FormValues

_OLDEST_YEARS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestForm:
    """The values of a valid record form.

    `whole_address`: whether a stop of a postal address covers everybody at the address.
    """

    kinds: tuple[CaseKind, ...]
    channels: tuple[Channel, ...]
    came_by: CameBy
    received_on: date
    content: CaseContact
    whole_address: bool


@page("/record", Right.RECORD)
def record(console: ConsoleContext) -> Response:
    """Show the empty form in which a user records a person's request.

    The day of receipt has no default, because a wrong day would make the deadline wrong.
    """
    return _form(console, NOTHING, None)


@page("/record", Right.RECORD, methods=("POST",), stores_stops=True)
def record_request(console: ConsoleContext) -> Response:
    """Preview a request's identifiers, or record it as cases; its stops are in force at once.

    For this controller, and for each other one that is ticked, each ticked kind becomes a case, or
    is added to an open case of the same request. A form with faults is shown again (422), and
    nothing of it is stored.
    """
    fields = submitted_form()
    request_form = _requested_channels(console, fields)
    others = [slug for slug in _may_record_for(console) if slug in fields.all("controllers")]
    controllers = [console.controller, *map(find_controller, others)]
    typed = typed_identifiers(fields, name=fields.text("name"))
    readings = {controller.slug: parse_each(controller, typed) for controller in controllers}
    if fields["do"] == "preview":
        fields.forget_faults()
        return _form(console, fields, readings[console.controller.slug])
    if request_form is None:
        return _form(console, fields, readings[console.controller.slug])
    requests = [
        _new_case(controller, kind, request_form, readings[controller.slug])
        for controller in controllers
        for kind in request_form.kinds
    ]
    recorded = create_cases(services(), requests, by=console.user, now=console.now)
    _count(recorded)
    return render_page(
        "recorded.html",
        recorded=recorded,
        readings=readings[console.controller.slug].every,
    )


def _form(
    console: ConsoleContext, fields: FormValues, readings: ParsedIdentifiers | None
) -> Response:
    return render_page(
        "record.html",
        status=422 if fields.errors else 200,
        fields=fields,
        readings=readings.every if readings else (),
        kinds=list(CaseKind),
        channels=list(Channel),
        ways=list(CameBy),
        others=_may_record_for(console),
    )


def _requested_channels(console: ConsoleContext, fields: FormValues) -> RequestForm | None:
    """Return the values of the form; None if a field is invalid, with a fault in `fields`."""
    kinds = fields.words("kinds", CaseKind, required=True)
    channels = fields.words("channels", Channel, required=any(kind.by_channel for kind in kinds))
    came_by = fields.word("came_by", CameBy)
    received_on = fields.day("received_on")
    oldest, today = console.today.year - _OLDEST_YEARS, console.today
    if received_on and (received_on.year < oldest or received_on > today):
        fields.wrong("received_on", "day_ahead")
    name, contact = fields.text("name"), fields.text("contact", max_length=LONG)
    writer = fields.text("writer", max_length=LONG)
    for field in ("emails", "phones", "addresses"):
        fields.text(field, max_length=LONG)
    _warn_unticked_channels(fields, kinds, channels)
    if fields.errors or came_by is None or received_on is None:
        return None
    return RequestForm(
        kinds=kinds,
        channels=channels,
        came_by=came_by,
        received_on=received_on,
        content=CaseContact(name=name, contact=contact, writer=writer),
        whole_address=fields.checked("whole_address"),
    )


def _warn_unticked_channels(
    fields: FormValues, kinds: tuple[CaseKind, ...], channels: tuple[Channel, ...]
) -> None:
    """Record a fault for identifiers that no ticked channel takes, because nothing would stop them.

    Without any ticked channel there is another fault already. No fault is recorded if a ticked kind
    of request stops identifiers whatever the channel, or if none stops by channel.
    """
    takes_all = any(kind.reason and not kind.by_channel for kind in kinds)
    if takes_all or not any(kind.by_channel for kind in kinds):
        return
    fitting = {channel.kind for channel in channels}
    names = {"emails": Kind.EMAIL, "phones": Kind.PHONE, "addresses": Kind.POSTAL}
    for name, kind in names.items():
        if fields[name].strip() and kind not in fitting and channels:
            fields.wrong("channels", "channel_unticked")


def _may_record_for(console: ConsoleContext) -> list[str]:
    """Return the slugs of the other controllers for which the user may record requests."""
    roles = console.user.roles.items()
    return [
        slug for slug, role in roles if may(role, Right.RECORD) and slug != console.controller.slug
    ]


def _new_case(
    controller: Controller, kind: CaseKind, request_form: RequestForm, readings: ParsedIdentifiers
) -> CaseRequest:
    channels = request_form.channels if kind.by_channel else ()
    unread = readings.unread
    return CaseRequest(
        controller=controller,
        arrival=RequestReceived(
            kind=kind,
            came_by=request_form.came_by,
            received_on=request_form.received_on,
            wanted=channels,
            readable=readings.readable,
            unreadable=frozenset(unparsed.kind for unparsed in unread),
        ),
        subjects=readings.subjects,
        content=CaseContact(
            name=request_form.content.name,
            contact=request_form.content.contact,
            writer=request_form.content.writer,
            unread=unread if kind.reason else (),
            given=() if kind.reason else readings.given,
        ),
        whole_address=request_form.whole_address,
    )


def _count(recorded: list[CaseOutcome]) -> None:
    """Count the recorded stops in the metrics."""
    for case_outcome in recorded:
        for channel in case_outcome.stopped:
            count_stop(channel, Evidence.DPO)
