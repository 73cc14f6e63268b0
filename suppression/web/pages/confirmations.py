"""GET and POST /r/{code}: confirm what a request changed; undo a click made by mistake."""

from __future__ import annotations

from flask import Blueprint, Response, request

from suppression.adapters.observability.metrics import count_reopened
from suppression.domain.unsubscribe.preferences import marketing_email
from suppression.usecases.unsubscribe.show_confirmation import show_confirmation
from suppression.usecases.unsubscribe.undo_click import undo_click
from suppression.web.http.context import now, services
from suppression.web.http.forms import FormValues
from suppression.web.http.rate_limits import exempt_from_rate_limit
from suppression.web.pages.languages import choose_language, in_language
from suppression.web.pages.rendering import (
    classify_client,
    count_page_view,
    describe_scope,
    redirect_to,
    render_page,
)
from suppression.web.pages.unsubscribe import FORM_LIMIT

blueprint = Blueprint("confirmations", __name__)


@blueprint.get("/r/<code>", strict_slashes=False)
@exempt_from_rate_limit
def confirmation_page(code: str) -> Response:
    """Show what a person's request stopped and reopened, or that the click was undone.

    Raises UnknownConfirmationError for an unknown code, and from 30 days after the request on. The
    page is exempt from rate limits: a person must see that the stop is stored. The reference on the
    page gives access to nothing.
    """
    shown_confirmation = show_confirmation(services(), code, now=now())
    language = choose_language(shown_confirmation.controller)
    with in_language(language):
        stopped = [
            describe_scope(scope, shown_confirmation.topics, language)
            for scope in shown_confirmation.confirmation.stopped
        ]
        opened = [
            describe_scope(marketing_email(slug), shown_confirmation.topics, language)
            for slug in shown_confirmation.confirmation.opened
        ]
    return render_page(
        "confirmation.html",
        shown_confirmation.controller,
        shown_confirmation.brand,
        confirmation=shown_confirmation.confirmation,
        stopped=stopped,
        opened=opened,
        undo_token=shown_confirmation.undo_token,
    )


@blueprint.post("/r/<code>", strict_slashes=False)
def undo(code: str) -> Response:
    """Undo the confirmed click; redirect to its confirmation.

    The token that permits the undoing is in the form's field `undo`, not in the URL. Raises
    UnknownConfirmationError for a code that is unknown or 30 days old, CannotUndoError if the token
    is wrong or the click can no longer be undone, RequestEntityTooLarge for a body of more than
    FORM_LIMIT bytes.
    """
    request.max_content_length = FORM_LIMIT
    token = FormValues(request.form)["undo"]
    undo_click(services(), code, token, client_class=classify_client(), now=now())
    count_reopened("confirmation")
    return redirect_to(f"r/{code}")


blueprint.after_request(count_page_view)
