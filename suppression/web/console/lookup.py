"""The pages of look-ups, releases and access requests. No typed identifier is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time

from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from suppression.domain.cases.deadlines import instant_in
from suppression.domain.cases.vocabulary import LookUpPurpose
from suppression.domain.errors import InvalidTransitionError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.mail_domain.parsing import is_typed_domain
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.users.roles import Right
from suppression.domain.vocabulary import (
    ATTESTABLE,
    Basis,
    Channel,
    Purpose,
    Reason,
    ReleaseWhy,
)
from suppression.usecases.cases.settings import read_settings
from suppression.usecases.controllers.topics import list_topics
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.lookup.look_up import LookupResult, look_up_person
from suppression.usecases.lookup.point_in_time import PastCheck
from suppression.usecases.releases.release import ReleaseAnswer, ReleaseRequest, release
from suppression.web.console.access_document import access_document
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.identifiers import parse_lookup
from suppression.web.console.rendering import render_page
from suppression.web.http.context import services
from suppression.web.http.forms import LONG, NOTHING, FormValues
from suppression.web.http.typed_identifiers import ParsedIdentifier, parse_typed

_OLDEST_YEARS = 30
_STATED = [basis for basis in Basis if basis in ATTESTABLE - {Basis.APPOINTMENT}]
"""The bases that a past check may state; the form has no field for an appointment's time."""


@page("/look-up", Right.LOOK_UP)
def look_up_form(console: ConsoleContext) -> Response:
    """Show the empty form of a look-up: an identifier of any kind, and a purpose."""
    return _form(console, NOTHING)


@page("/look-up", Right.LOOK_UP, methods=("POST",))
def look_up_one(console: ConsoleContext) -> Response:
    """Show the records about a person's identifier, at present or at an earlier moment.

    The page also shows the results of checks at that moment. The ledger records the look-up. A form
    with faults is shown again (422), and nothing is looked up.
    """
    fields = submitted_form()
    purpose = fields.word("purpose", LookUpPurpose)
    text = fields.text("identifier", max_length=LONG, required=True)
    at, past_check = _parse_instant(console, fields), _parse_past_check(console, fields)
    parsed_identifier = _parse(console, text)
    if text and parsed_identifier.subject is None:
        fields.wrong("identifier", "unreadable")
    if fields.errors or purpose is None or parsed_identifier.subject is None:
        return _form(console, fields)
    result = _look_up(console, parsed_identifier.subject, purpose, at=at, past_check=past_check)
    return _form(console, fields, result=result, reading=parsed_identifier.reading, at=at)


def _look_up(
    console: ConsoleContext,
    subject: Subject,
    purpose: LookUpPurpose,
    *,
    at: datetime | None = None,
    past_check: PastCheck | None = None,
) -> LookupResult:
    by, now = console.user, console.now
    (result,) = look_up_person(
        services(),
        console.controller,
        [subject],
        purpose,
        by=by,
        now=now,
        at=at,
        past_check=past_check,
    )
    return result


@page("/release", Right.RELEASE, methods=("POST",))
def release_one(console: ConsoleContext) -> Response:
    """Release a shown stop; show the look-up again for a fault (422) or changed stops (409)."""
    fields = submitted_form()
    why = fields.word("why", ReleaseWhy)
    reason = fields.word("reason", Reason)
    channel = fields.word("channel", Channel) if fields["channel"] else None
    purpose = fields.word("of_purpose", Purpose) if fields["of_purpose"] else None
    parsed = _parse(console, fields.text("identifier", max_length=LONG))
    informed_on = _parse_informed_on(console, fields) if reason is Reason.RESTRICTION else None
    if reason is Reason.RESTRICTION and informed_on is None:
        return _with_wrong_day(console, fields, parsed)
    if fields.errors or why is None or reason is None or parsed.subject is None:
        fields.wrong_alone("why", "choose")
        return _form(console, fields)
    request = ReleaseRequest(
        subjects=(parsed.subject,),
        coverage=RequestedScope(
            channels=(channel,) if channel else None,
            purpose=purpose,
            topic=fields.text("topic"),
        ),
        reasons=(reason,),
        why=why,
        seen=fields.text("seen", max_length=LONG, place="why"),
        informed_on=informed_on,
    )
    answers: list[ReleaseAnswer] = []

    def render(answer: ReleaseAnswer) -> StoredResponse:
        answers.append(answer)
        return StoredResponse(status=200, body=answer.reference)

    try:
        release(console.controller, request, render, actor=console.user.actor, now=console.now)
    except InvalidTransitionError as error:
        return _shown_anew(console, fields, parsed, parsed.subject, refused=error.code)
    return render_page("released.html", answer=answers[0], reading=parsed.reading)


def _shown_anew(
    console: ConsoleContext,
    fields: FormValues,
    parsed: ParsedIdentifier,
    subject: Subject,
    *,
    refused: str,
) -> FlaskResponse:
    """Return the look-up page with the present state, because the release was refused.

    `refused` is the code of the reason, `date` for a wrong day in `told_on`. The ledger records
    this look-up too; if the form has no purpose for it, no record is shown.
    """
    if refused == "date":
        return _with_wrong_day(console, fields, parsed)
    purpose = fields.word("purpose", LookUpPurpose)
    fields.forget_faults()
    result = _look_up(console, subject, purpose) if purpose else None
    return _form(console, fields, result=result, reading=parsed.reading, refused=refused)


def _parse_informed_on(console: ConsoleContext, fields: FormValues) -> date | None:
    """Return the day, not after today, on which the person was informed; None for any other text.

    A restriction may be lifted only after its person was informed (GDPR Art. 18(3)); `release`
    refuses a day before the restriction.
    """
    told_on = fields.day("told_on")
    return told_on if told_on and told_on <= console.today else None


def _with_wrong_day(
    console: ConsoleContext, fields: FormValues, parsed: ParsedIdentifier
) -> FlaskResponse:
    """Return the look-up page with the present state and a fault beside the day (422).

    The ledger records this look-up too; without a purpose or an identifier, no record is shown.
    """
    purpose = fields.word("purpose", LookUpPurpose)
    fields.wrong_alone("told_on", "day")
    result = _look_up(console, parsed.subject, purpose) if purpose and parsed.subject else None
    return _form(console, fields, result=result, reading=parsed.reading if result else "")


@page("/access", Right.EXPORT)
def access_form(console: ConsoleContext) -> Response:
    """Show the empty form of an access request."""
    del console
    return render_page("access.html", fields=NOTHING, results=(), unread=(), systems=())


@page("/access", Right.EXPORT, methods=("POST",))
def access(console: ConsoleContext) -> Response:
    """Show the records about each identifier, and other systems to ask, as a page or as JSON.

    The ledger records the look-up. If an identifier cannot be read, nothing is looked up, and the
    form is shown again (422).
    """
    fields = submitted_form()
    text = fields.text("identifiers", max_length=LONG, required=True)
    every = [_parse(console, line) for line in _lines(text)]
    systems = read_settings(console.controller).other_systems.split("\n")
    unread = [
        parsed_identifier.typed.text
        for parsed_identifier in every
        if parsed_identifier.subject is None or parsed_identifier.typed.domain
    ]
    if fields.errors or unread:
        return render_page(
            "access.html", status=422, fields=fields, results=(), unread=unread, systems=()
        )
    subjects = [
        parsed_identifier.subject for parsed_identifier in every if parsed_identifier.subject
    ]
    results = look_up_person(
        services(),
        console.controller,
        subjects,
        LookUpPurpose.REQUEST,
        by=console.user,
        now=console.now,
    )
    pairs = list(
        zip([parsed_identifier.reading for parsed_identifier in every], results, strict=True)
    )
    if fields["as"] == "json":
        return _as_file(access_document(console.controller, console.now, pairs, systems))
    return render_page("access.html", fields=fields, results=pairs, unread=(), systems=systems)


def _lines(text: str) -> list[str]:
    """Return the lines of a text that are not blank; each line is one identifier."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _parse(console: ConsoleContext, text: str) -> ParsedIdentifier:
    return parse_typed(console.controller, parse_lookup(text), consent=True)


def _form(
    console: ConsoleContext,
    fields: FormValues,
    *,
    result: LookupResult | None = None,
    reading: str = "",
    at: datetime | None = None,
    refused: str = "",
) -> FlaskResponse:
    return render_page(
        "look_up.html",
        status=409 if refused else 422 if fields.errors else 200,
        refused=refused,
        fields=fields,
        purposes=list(LookUpPurpose),
        every_purpose=list(Purpose),
        topics=list_topics(console.controller),
        bases=_STATED,
        whys=list(ReleaseWhy),
        result=result,
        reading=reading,
        whole_domain=is_typed_domain(fields["identifier"]),
        at=at,
        may_release=console.may(Right.RELEASE),
    )


def _parse_instant(console: ConsoleContext, fields: FormValues) -> datetime | None:
    """Return the moment in the form, the end of its day if no time is given; None without a day.

    Day and time are local to the controller, the result is in UTC. Records a fault and returns None
    for a day after today, or in a year over _OLDEST_YEARS ago. A later time today is no fault: a
    look-up at a time ahead of the clock shows the present.
    """
    day, at = fields.day("day", required=False), fields.time("time")
    if day is None:
        return None
    if day > console.today or day.year < console.today.year - _OLDEST_YEARS:
        fields.wrong("day", "day_ahead" if day > console.today else "day")
        return None
    return instant_in(console.controller.country, day, at or time.max)


def _parse_past_check(console: ConsoleContext, fields: FormValues) -> PastCheck:
    """Return the check in the form: topic, stated basis, and purposes, marketing if none is ticked.

    Records a fault for a topic that the controller lacks, or for an unknown basis.
    """
    purposes = fields.words("purposes", Purpose) or (Purpose.MARKETING,)
    topic = fields.text("topic")
    if topic and topic not in {choice.slug for choice in list_topics(console.controller)}:
        fields.wrong("topic", "choose")
    basis = fields.word("basis", Basis) if fields["basis"] else None
    return PastCheck(purposes=purposes, topic=topic, basis=basis)


def _as_file(document: Mapping[str, object]) -> FlaskResponse:
    response = FlaskResponse(
        json.dumps(document, ensure_ascii=False, indent=2), content_type="application/json"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="access.json"'
    return response
