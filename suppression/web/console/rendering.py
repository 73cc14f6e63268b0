"""Render the pages of the console, and a page for every error."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Response, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from suppression.domain.calendar.locations import main_zone_of_country
from suppression.domain.errors import InvalidTransitionError, NotSignedInError, SuppressionError
from suppression.domain.users.model import Stage
from suppression.domain.users.roles import Right
from suppression.web.console.context import (
    ConsoleContext,
    blueprint,
    current_session,
    has_file,
    keep_language,
    language,
)
from suppression.web.http.forms import NOTHING
from suppression.web.http.problems import (
    RETRY_AFTER_SECONDS,
    SENT_AGAIN_LATER,
    Problem,
    bug_document,
    error_of_http,
    to_document,
)
from suppression.web.translations.catalogues import CONSOLE, autonym

POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_CSRF = "csrf_token"
_WORDS = {
    "kinds": "kind",
    "channels": "channel",
    "came_by": "came_by",
    "purpose": "look_up_purpose",
    "ground": "ground",
    "method": "method",
    "role": "role",
}
"""The section of the catalogue with the texts of a field's values, by name of the field."""


def render_page(template: str, *, status: int = 200, **values: object) -> Response:
    """Return a template of the console as a page, in the language of the session or browser."""
    chosen, session = language(), current_session()
    text = render_template(
        f"console/{template}",
        language=chosen,
        languages=[(code, autonym(code)) for code in CONSOLE.languages],
        t=partial(CONSOLE.text, chosen),
        has_text=CONSOLE.has,
        day=partial(_day, chosen=chosen),
        instant=partial(_instant, chosen=chosen),
        console=g.get("console"),
        signed_in=session.user.login if session else "",
        Right=Right,
        nothing=NOTHING,
        **values,
    )
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = chosen
    return response


def redirect_to(endpoint: str, **names: str) -> BaseResponse:
    """Return a 303 redirect to the console page with this endpoint."""
    values: dict[str, Any] = dict(names)
    return redirect(url_for(f"console.{endpoint}", **values), code=HTTPStatus.SEE_OTHER)


def redirect_to_case(console: ConsoleContext, reference: str) -> BaseResponse:
    """Return a 303 redirect to the page of a case."""
    return redirect_to("case_get", slug=console.controller.slug, reference=reference)


def _day(value: date | None, chosen: str) -> str:
    if value is None:
        return ""
    return format_date(value, CONSOLE.text(chosen, "common.day"), locale=chosen)


def _instant(value: datetime | None, chosen: str) -> str:
    """Return an instant as day and time in the controller's local time; '' for None.

    For the last second of a day, which stands for the whole day, return the day alone.
    """
    if value is None:
        return ""
    console: ConsoleContext | None = g.get("console")
    local = value
    with suppress(OverflowError):  # the last hours of the year 9999
        zone = main_zone_of_country(console.controller.country if console else "")
        local = value.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute, local.second) == (23, 59, 59):  # only the day is known
        return _day(local.date(), chosen)
    return f"{_day(local.date(), chosen)} {local:%H:%M}"


@blueprint.errorhandler(SuppressionError)
def error_page(error: SuppressionError) -> BaseResponse:
    """Return the page of an error.

    If the user is not signed in, redirect to the sign-in page or, for a form sent from our own
    page, show the typed values again.
    """
    problem = to_document(error)
    if isinstance(error, NotSignedInError):
        return _expired() if _typed_here() else redirect_to("sign_in")
    code = error.code if isinstance(error, InvalidTransitionError) else problem.slug
    return _error(problem.status, code)


@blueprint.errorhandler(HTTPException)
def bad_request_page(error: HTTPException) -> BaseResponse:
    """Return the page of an HTTP error, such as a body too large or a missing CSRF token.

    If the CSRF token of a form from our own page is missing or wrong, show the typed values again.
    """
    if isinstance(error, CSRFError):
        g.problem = "csrf"
        if _typed_here():
            return _expired()
        return _error(HTTPStatus.BAD_REQUEST, "csrf")
    return error_page(error_of_http(error))


@blueprint.errorhandler(Exception)
def server_error_page(error: Exception) -> BaseResponse:
    """Log an unexpected exception and return the page of an internal error."""
    return _error(bug_document(error).status, "internal")


def not_found_page(problem: Problem) -> BaseResponse:
    """Return the error page for a path or method under /console that no route has.

    Flask runs no hook of the console's blueprint for such a request, so this function keeps the
    language and adds the headers itself.
    """
    keep_language()
    return add_privacy_headers(_error(problem.status, problem.slug))


def _typed_here() -> bool:
    """Return whether one of our own pages sent this form, by the browser's Sec-Fetch-Site header.

    Only then are the sent values shown again. The result is False for a form with a file, and for a
    page whose path names no controller.
    """
    own = request.headers.get("Sec-Fetch-Site") == "same-origin" and not has_file()
    return own and request.method == "POST" and "slug" in (request.view_args or {})


def _expired() -> Response:
    """Return a page with the typed values, to send again once the user has signed in.

    Clerks are often interrupted, and sessions end. The values are only in the page: nothing is
    stored or done until they are sent again with a valid session and CSRF token.
    """
    session = current_session()
    return render_page(
        "expired.html",
        status=HTTPStatus.BAD_REQUEST,
        inside=session is not None and session.stage is Stage.FULL,
        kept=[(name, value) for name, value in request.form.items(multi=True) if name != _CSRF],
        words=_WORDS,
    )


def _error(status: HTTPStatus, code: str) -> Response:
    key = f"errors.{code}" if CONSOLE.has(f"errors.{code}") else "errors.other"
    g.console_session = g.get("console_session")
    response = render_page("error.html", status=status, key=key)
    if status in SENT_AGAIN_LATER:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


@blueprint.after_request
def add_privacy_headers(response: BaseResponse) -> BaseResponse:
    """Add headers against scripts, frames, indexing and referrers. A hook.

    All responses but the style sheet also get a header against caching.
    """
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["X-Frame-Options"] = "DENY"
    if request.endpoint != "console.stylesheet":
        response.headers["Cache-Control"] = "no-store"
    return response
