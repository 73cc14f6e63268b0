"""The form that adds corrected identifiers to a case that was just recorded."""

from __future__ import annotations

from werkzeug.wrappers import Response

from suppression.adapters.observability.metrics import count_stop
from suppression.domain.cases.model import Case
from suppression.domain.errors import NotFoundError
from suppression.domain.users.roles import Right
from suppression.domain.vocabulary import Channel, Evidence
from suppression.usecases.cases.open import CaseOutcome
from suppression.usecases.cases.queries import read_case
from suppression.usecases.cases.take_step import suppress_identifiers_found
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.identifiers import ParsedIdentifiers, parse_each, typed_identifiers
from suppression.web.console.rendering import render_page
from suppression.web.http.context import services


@page("/record/<reference>", Right.RECORD, methods=("POST",), stores_stops=True)
def complete(console: ConsoleContext, reference: str) -> Response:
    """Store a case's stops for identifiers that were corrected after the case was recorded.

    A form with an identifier that cannot be read is shown again (422). Raises NotFoundError for an
    unknown case, and for a user who neither opened it nor may work on cases; InvalidTransitionError
    if an identifier would stop nothing or the case's state allows no stop; KeyMismatchError if no
    case key decrypts the case's content.
    """
    case = read_case(services(), console.controller, reference, with_content=False).case
    if case.opened_by != console.user.actor and not console.may(Right.WORK_ON_CASES):
        raise NotFoundError
    fields = submitted_form()
    readings = parse_each(console.controller, typed_identifiers(fields))
    if not readings.subjects or readings.unread:
        fields.wrong("identifiers", "unreadable")
    if fields.errors:
        return render_page(
            "completing.html", status=422, case=case, fields=fields, readings=readings.every
        )
    done = suppress_identifiers_found(
        services(),
        console.controller,
        reference,
        readings.subjects,
        by=console.user,
        now=console.now,
    )
    stopped = _stopped(done, readings)
    for channel in stopped:
        count_stop(channel, Evidence.DPO)
    recorded = CaseOutcome(controller=console.controller, case=done, joined=False, stopped=stopped)
    return render_page("recorded.html", recorded=[recorded], readings=readings.every)


def _stopped(case: Case, readings: ParsedIdentifiers) -> tuple[Channel | None, ...]:
    if not case.kind.by_channel:
        return (None,)
    return tuple(channel for channel in case.wanted if channel.kind in readings.readable)
