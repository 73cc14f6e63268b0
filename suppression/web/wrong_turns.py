"""Every error, as a page where people are and as a problem where programs are."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from suppression.adapters.metrics import count_link
from suppression.domain.errors import SuppressionError, UnknownLinkError
from suppression.web.pages import error_page
from suppression.web.problems import (
    error_of_http,
    problem_of_bug,
    problem_of_error,
    problem_of_http,
    shown,
    shown_bug,
)

_PAGES = ("assets", "brand", "r", "stop", "u")


def register_errors(app: Flask) -> None:
    """Answer every error of this application, by where it was met."""
    app.register_error_handler(SuppressionError, _of_error)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_bug)


def for_people() -> bool:
    """Whether this address is one of those that people open, or would be one."""
    return request.path.split("/")[1] in _PAGES


def _of_error(error: SuppressionError) -> Response:
    if not for_people():
        return problem_of_error(error)
    if isinstance(error, UnknownLinkError):
        count_link(genuine=False)
    return error_page(shown(error))


def _of_http(error: HTTPException) -> Response:
    if not for_people():
        return problem_of_http(error)
    response = error_page(shown(error_of_http(error)))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _of_bug(error: Exception) -> Response:
    return error_page(shown_bug(error)) if for_people() else problem_of_bug(error)
