"""The page that stops marketing e-mail to a whole mail domain, as a company asked for its own."""

from __future__ import annotations

from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from suppression.adapters.observability.metrics import count_stop
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.mail_domain.parsing import canonical_domain
from suppression.domain.identifiers.mail_domain.refused import CONSUMER_DOMAIN, PUBLIC_SUFFIX
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.users.roles import Right
from suppression.domain.vocabulary import Channel, Evidence, Reason
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.suppressions.record import StopAnswer, StopRequest
from suppression.usecases.suppressions.suppress import suppress
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.rendering import render_page
from suppression.web.http.context import services
from suppression.web.http.forms import NOTHING, FormValues


@page("/domains", Right.RELEASE)
def mail_domains(console: ConsoleContext) -> Response:
    """Show the empty form for a mail domain."""
    del console
    return _form(NOTHING)


@page("/domains", Right.RELEASE, methods=("POST",), stores_stops=True)
def stop_mail_domain(console: ConsoleContext) -> Response:
    """Stop marketing e-mail to the domain in the form, and show since when it is stopped.

    A form whose domain is unreadable, or is none that a stop may name, is shown again (422).
    """
    fields = submitted_form()
    text = fields.text("domain", required=True)
    subject = _subject(console, fields, text) if text else None
    if fields.errors or subject is None:
        return _form(fields)
    request = StopRequest(
        subjects=(subject,),
        coverage=RequestedScope(channels=(Channel.EMAIL,)),
        reason=Reason.DOMAIN,
        evidence=Evidence.DPO,
    )
    answers: list[StopAnswer] = []

    def render(answer: StopAnswer) -> StoredResponse:
        answers.append(answer)
        return StoredResponse(status=200, body=answer.reference)

    suppress(console.controller, request, render, actor=console.user.actor, now=console.now)
    for result in answers[0].results:
        count_stop(result.scope.channel, request.evidence)
    return _form(fields, stopped=canonical_domain(text), answer=answers[0])


def _subject(console: ConsoleContext, fields: FormValues, text: str) -> Subject | None:
    """Return the mail domain in a text; None, with a fault in the form, if no stop may name it."""
    try:
        return services().mail_domain(console.controller, text, to_stop=True)
    except IdentifierParseError as error:
        on_a_list = error.code in {PUBLIC_SUFFIX, CONSUMER_DOMAIN}
        fields.wrong("domain", error.code if on_a_list else "no_domain")
        return None


def _form(
    fields: FormValues, *, stopped: str = "", answer: StopAnswer | None = None
) -> FlaskResponse:
    status = 422 if fields.errors else 200
    return render_page(
        "mail_domains.html", status=status, fields=fields, stopped=stopped, answer=answer
    )
