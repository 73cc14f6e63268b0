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
from suppression.web.http.forms import LARGEST_NUMBER


@page("/messages", Right.READ_CONTENT)
def messages(console: ConsoleContext) -> Response:
    """Show the undecided text messages, which may mean stop."""
    return _messages_page(console)


@page("/messages", Right.WORK_ON_CASES, methods=("POST",), stores_stops=True)
def decide_message(console: ConsoleContext) -> Response:
    """Record the user's decision whether a text message is a stop; store the stop if it is.

    Either decision deletes the message's content. After a fault in the form the messages are shown
    again (422). Raises NotFoundError if no message with the number in the form waits for a
    decision, KeyMismatchError if no case key decrypts it, IdentifierParseError if the sender of a
    stop cannot be parsed.
    """
    fields = submitted_form()
    number = fields.number("number", minimum=1, maximum=LARGEST_NUMBER)
    is_stop = fields["do"] == "stop"
    if fields.errors or fields["do"] not in {"stop", "none"}:
        return _messages_page(console, status=422)
    decide_unclear(
        services(), console.controller, number, is_stop=is_stop, by=console.user, now=console.now
    )
    if is_stop:
        count_stop(Channel.SMS, Evidence.INBOUND)
    return redirect_to("messages_get", slug=console.controller.slug)


def _messages_page(console: ConsoleContext, *, status: int = 200) -> Response:
    waiting = list_unclear(services(), console.controller)
    return render_page("messages.html", status=status, waiting=waiting)
