"""GET and POST /u/{token}: the page of an unsubscribe link, and the one-click of RFC 8058."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from flask import Blueprint, Response, request

from suppression.adapters.observability.metrics import count_link, count_stop
from suppression.domain.errors import UnconfirmedError
from suppression.domain.probes import SYNTHETIC_OPT_OUT
from suppression.domain.unsubscribe.mail_headers import ONE_CLICK
from suppression.domain.vocabulary import Channel, Evidence
from suppression.usecases.unsubscribe.open_link import ShownLink, show_link
from suppression.usecases.unsubscribe.stop_by_link import LinkClick, stop_by_link
from suppression.web.http.context import now, services
from suppression.web.http.rate_limits import exempt_from_rate_limit
from suppression.web.http.static_files import serve_file
from suppression.web.pages.rendering import (
    add_privacy_headers,
    classify_client,
    count_page_view,
    redirect_to,
    render_page,
)

blueprint = Blueprint("recipients", __name__, template_folder="../templates")
assets = Blueprint("assets", __name__)

FORM_LIMIT = 16 * 1024
_ASSETS = {"page.css": Path(__file__).parents[1] / "assets"}
_ONE_CLICK_NAME, _, _ONE_CLICK_VALUE = ONE_CLICK.partition("=")
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_TOPIC, _EVERYTHING = "1", "all"


@blueprint.route(
    "/u/<token>",
    methods=["GET", "OPTIONS"],
    provide_automatic_options=True,
    strict_slashes=False,  # on every page: a pasted URL with one slash too many still works
)
def link_page(token: str) -> Response:
    """Show what the link would stop or, if that is stopped, since when.

    Changes nothing (docs/rules.md#e4). Raises UnknownLinkError if the token is not that of a valid
    link.
    """
    state = show_link(services(), token, now=now())
    count_link(genuine=True)
    return render_page(
        "link.html",
        state.link.controller,
        state.brand,
        topic=state.link.topic,
        stopped_since=state.stopped_since,
        everything_since=state.everything_since,
        agreed_since=state.agreed_since,
        choices=f"u/{token}/choices",
    )


@blueprint.post("/u/<token>", strict_slashes=False)
@exempt_from_rate_limit
def stop(token: str) -> Response:
    """Record a stop; answer 200 to a mail provider's one-click, 303 to the page's own buttons.

    Raises UnconfirmedError for any other body, RequestEntityTooLarge for one of more than
    FORM_LIMIT bytes, UnknownLinkError if the token is not that of a valid link.
    """
    request.max_content_length = FORM_LIMIT
    clicked_at = now()
    if _is_one_click():
        click = LinkClick(evidence=Evidence.ONE_CLICK, client_class=classify_client(one_click=True))
        outcome = stop_by_link(services(), token, click, now=clicked_at)
        _count(outcome.link, Evidence.ONE_CLICK)
        # No person reads this answer: it has no reference.
        return render_page(
            "one_click.html", outcome.link.controller, topic=outcome.link.topic, since=outcome.since
        )
    pressed = request.form.get("confirm")
    if pressed not in {_TOPIC, _EVERYTHING}:
        raise UnconfirmedError
    click = LinkClick(
        evidence=Evidence.LINK_PAGE,
        everything=pressed == _EVERYTHING,
        client_class=classify_client(),
    )
    outcome = stop_by_link(services(), token, click, now=clicked_at)
    _count(outcome.link, Evidence.LINK_PAGE)
    return redirect_to(f"r/{outcome.code}")


@assets.get("/assets/<filename>", endpoint="static")
def asset(filename: str) -> Response:
    """Return the style sheet of pages without a controller, or 304 if the browser has it.

    Raises NotFoundError for another name.
    """
    return serve_file(filename, _ASSETS)


def _is_one_click() -> bool:
    """Return whether the body has the pair List-Unsubscribe=One-Click (RFC 8058).

    A line end after the pair, a repeated pair, other fields, or a Content-Type that is not that of
    a form do not matter.
    """
    values = request.form.getlist(_ONE_CLICK_NAME)
    if request.mimetype not in _FORMS:
        body = request.get_data().decode("utf-8", "replace")
        values = parse_qs(body).get(_ONE_CLICK_NAME, [])
    return any(value.rstrip("\r\n") == _ONE_CLICK_VALUE for value in values)


def _count(link: ShownLink, evidence: Evidence) -> None:
    """Count a click and its stop in the metrics; of a sandbox identifier, only the click.

    A probe is not counted: it would hide that no person's click arrives (docs/rules.md#g8).
    """
    if link.controller.slug == SYNTHETIC_OPT_OUT:
        return
    count_link(genuine=True)
    if not link.subject.sandbox:
        count_stop(Channel.EMAIL, evidence)


blueprint.after_request(count_page_view)
assets.after_request(add_privacy_headers)
