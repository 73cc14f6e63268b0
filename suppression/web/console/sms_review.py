"""The page of text messages that may mean stop: a user reads each and decides."""

from __future__ import annotations

from werkzeug.wrappers import Response

from suppression.adapters.observability.metrics import count_stop
from suppression.domain.users.roles import Right
from suppression.domain.vocabulary import Channel, Evidence
from suppression.usecases.sms.review_queue import decide_unclear, list_unclear
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.context import services

_MOST = 2_000_000_000


@page("/messages", Right.READ_CONTENT)
def messages(desk: ConsoleContext) -> Response:
    """Show the messages that wait for a decision."""
    return render_page("messages.html", waiting=list_unclear(services(), desk.controller))


@page("/messages", Right.WORK_ON_CASES, methods=("POST",), stores_stops=True)
def decide_message(desk: ConsoleContext) -> Response:
    """Record the decision about a message: a stop, or none."""
    fields = submitted_form()
    number = fields.number("number", minimum=1, maximum=_MOST)
    is_stop = fields["do"] == "stop"
    if fields.errors or fields["do"] not in {"stop", "none"}:
        return messages(desk)
    decide_unclear(services(), desk.controller, number, is_stop=is_stop, by=desk.user, now=desk.now)
    if is_stop:
        count_stop(Channel.SMS, Evidence.INBOUND)
    return redirect_to("messages_get", slug=desk.controller.slug)
