"""Handlers that answer an error with a page for people, a problem document for programs."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from suppression.adapters.observability.metrics import count_link
from suppression.domain.errors import (
    InvalidApiKeyError,
    RateLimitedError,
    SuppressionError,
    UnknownLinkError,
)
from suppression.web.console.rendering import not_found_page
from suppression.web.http.problems import (
    Problem,
    bug_document,
    error_of_http,
    problem_of_bug,
    problem_of_error,
    problem_of_http,
    to_document,
)
from suppression.web.http.rate_limits import too_many_wrong_keys
from suppression.web.pages.rendering import error_page

_CONSOLE = "console"
_PAGES = {"assets", "brand", _CONSOLE, "docs", "r", "stop", "u"}
_MACHINES = {"livez", "metrics", "openapi.yaml", "readyz", "v1"}


def register_errors(app: Flask) -> None:
    """Register the handlers that answer an error of `app` with a page or a problem document.

    The console's blueprint has handlers of its own, which answer the errors of its views.
    """
    app.register_error_handler(SuppressionError, _of_error)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_bug)


def for_people() -> bool:
    """Return whether an error of the current request is answered with a page.

    The result is True for / and for areas with pages, such as /u, /stop and /console; False for
    areas of programs, such as /v1 and /metrics. On any other path it is True if the Accept header
    names text/html: browsers name it, curl and programs accept `*/*` or JSON.
    """
    area = _area()
    if area in _PAGES or request.path == "/":
        return True
    return area not in _MACHINES and "text/html" in request.accept_mimetypes.values()


def _area() -> str:
    """Return the first segment of the current request's path, such as `v1`; '' for the path /."""
    return request.path.split("/")[1]


def _page(problem: Problem) -> Response:
    if _area() == _CONSOLE:
        return not_found_page(problem)
    return error_page(problem)


def _of_error(error: SuppressionError) -> Response:
    if isinstance(error, InvalidApiKeyError) and too_many_wrong_keys():
        error = RateLimitedError()
    if not for_people():
        return problem_of_error(error)
    if isinstance(error, UnknownLinkError):
        count_link(genuine=False)
    return _page(to_document(error))


def _of_http(error: HTTPException) -> Response:
    if not for_people():
        return problem_of_http(error)
    response = _page(to_document(error_of_http(error)))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _of_bug(error: Exception) -> Response:
    return _page(bug_document(error)) if for_people() else problem_of_bug(error)
