"""GET and POST /u/{token}: the recipient's page, and the one click of RFC 8058."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from suppression.adapters.metrics import count_link, count_stop
from suppression.domain.errors import SuppressionError, UnconfirmedError, UnknownLinkError
from suppression.domain.list_headers import ONE_CLICK
from suppression.domain.vocabulary import Channel, Evidence
from suppression.domain.watches import SYNTHETIC_OPT_OUT
from suppression.usecases.open_link import OpenedLink, open_link
from suppression.usecases.stop_by_link import stop_by_link
from suppression.web.current import now, services
from suppression.web.files import file_named
from suppression.web.pages import error_page, link_page, stopped_page
from suppression.web.problems import error_of_http, shown, shown_bug
from suppression.web.rate_limits import unlimited

blueprint = Blueprint("recipients", __name__, template_folder="templates")

_ASSETS = {"page.css": Path(__file__).parent / "assets"}
_BODY_LIMIT = 16 * 1024
_ONE_CLICK_NAME, _, _ONE_CLICK_VALUE = ONE_CLICK.partition("=")


@blueprint.route("/u/<token>", methods=["GET", "OPTIONS"], provide_automatic_options=True)
def page(token: str) -> Response:
    """Show what the link would stop, or that it is stopped. Changes nothing (rule E4)."""
    state = open_link(services(), token, now=now())
    count_link(genuine=True)
    return link_page(state)


@blueprint.post("/u/<token>")
@unlimited
def stop(token: str) -> BaseResponse:
    """Stop: at once for a mail provider's one-click, by 303 for the page's own button."""
    request.max_content_length = _BODY_LIMIT
    if _is_one_click():
        moment = now()
        link = stop_by_link(services(), token, evidence=Evidence.ONE_CLICK, now=moment)
        _count(link, Evidence.ONE_CLICK)
        return stopped_page(link, moment)
    if request.form.get("confirm") == "1":
        link = stop_by_link(services(), token, evidence=Evidence.LINK_PAGE, now=now())
        _count(link, Evidence.LINK_PAGE)
        query = request.query_string.decode("ascii", "ignore")
        # Relative, so that it holds behind any proxy and never speaks of a Host.
        return redirect(f"{token}?{query}" if query else token, code=303)
    raise UnconfirmedError


@blueprint.get("/assets/<filename>", endpoint="static")
def asset(filename: str) -> Response:
    """The style sheet of the pages."""
    return file_named(filename, _ASSETS)


def _is_one_click() -> bool:
    """Whether the body holds the pair of RFC 8058, whatever else a sender put around it.

    A line end behind it, the pair twice, or no Content-Type at all do not unsay the wish.
    """
    sent = request.form.getlist(_ONE_CLICK_NAME)
    if not request.mimetype:
        body = request.get_data().decode("utf-8", "replace")
        sent = parse_qs(body).get(_ONE_CLICK_NAME, [])
    return any(value.rstrip("\r\n") == _ONE_CLICK_VALUE for value in sent)


@blueprint.errorhandler(SuppressionError)
def wrong_turn(error: SuppressionError) -> Response:
    """A page for every error, with words that help."""
    problem = shown(error)
    if isinstance(error, UnknownLinkError):
        count_link(genuine=False)
    return error_page(problem)


@blueprint.errorhandler(HTTPException)
def wrong_request(error: HTTPException) -> Response:
    """A page for what HTTP itself refuses."""
    return wrong_turn(error_of_http(error))


@blueprint.errorhandler(Exception)
def bug(error: Exception) -> Response:
    """A page for our own mistakes too."""
    return error_page(shown_bug(error))


@blueprint.after_request
def private(response: Response) -> Response:
    """Keep the token out of referrers, caches and indexes, and scripts out of the page (E12)."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return response


def _count(link: OpenedLink, evidence: Evidence) -> None:
    """Count a stop. The watch's own click would hide that nobody else's arrives (rule G8)."""
    if link.controller.slug == SYNTHETIC_OPT_OUT:
        return
    count_link(genuine=True)
    if not link.subject.sandbox:
        count_stop(Channel.EMAIL, evidence)
