"""GET and POST /r/{code}: what a person's request changed, and "I clicked by mistake"."""

from __future__ import annotations

from flask import Blueprint, Response, request

from suppression.adapters.observability.metrics import count_reopened
from suppression.domain.unsubscribe.preferences import marketing_email
from suppression.usecases.unsubscribe.show_confirmation import open_confirmation
from suppression.usecases.unsubscribe.undo_click import undo_click
from suppression.web.http.client_class import sent_by
from suppression.web.http.context import now, services
from suppression.web.http.rate_limits import unlimited
from suppression.web.pages.languages import in_language, language_of
from suppression.web.pages.rendering import counted, page, see, told
from suppression.web.pages.unsubscribe import FORM_LIMIT

blueprint = Blueprint("confirmations", __name__)


@blueprint.get("/r/<code>", strict_slashes=False)
@unlimited
def confirmation_page(code: str) -> Response:
    """Show it, past the limit too: whoever was let stop must see that it is stored.

    The reference on it opens nothing.
    """
    found = open_confirmation(services(), code, now=now())
    language = language_of(found.controller)
    with in_language(language):
        stopped = [told(one, found.topics, language) for one in found.confirmation.stopped]
        opened = [
            told(marketing_email(slug), found.topics, language)
            for slug in found.confirmation.opened
        ]
    return page(
        "confirmation.html",
        found.controller,
        found.brand,
        confirmation=found.confirmation,
        stopped=stopped,
        opened=opened,
        undo_token=found.undo_token,
    )


@blueprint.post("/r/<code>", strict_slashes=False)
def undo(code: str) -> Response:
    """Undo one's own click: the token stands in the form's body, never in the address."""
    request.max_content_length = FORM_LIMIT
    token = request.form.get("undo", "")
    undo_click(services(), code, token, client_class=sent_by(), now=now())
    count_reopened("confirmation")
    return see(f"r/{code}")


blueprint.after_request(counted)
