"""Problem responses that the worker sends to requests that the application does not answer."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from random import getrandbits

from gunicorn.http import errors

from suppression.adapters.observability.metrics import count_problem

log = logging.getLogger(__name__)

_STATUS_OF_ERROR: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (errors.LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (errors.LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (errors.ExpectationFailed, HTTPStatus.EXPECTATION_FAILED),
    (errors.UnsupportedTransferCoding, HTTPStatus.NOT_IMPLEMENTED),
    (errors.ParseException, HTTPStatus.BAD_REQUEST),
)
_PROBLEM_OF_STATUS = {
    HTTPStatus.REQUEST_TIMEOUT: (
        "request-timeout",
        "The request did not come in time: send it again.",
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: ("address-too-long", "Send a shorter address."),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "headers-too-large",
        "Send fewer or shorter headers.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "too-busy",
        "Too much is on its way here: send it again in a moment.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "internal",
        "This is our fault; it was logged with the request_id.",
    ),
}
_UNREADABLE = ("malformed-request", "The HTTP request could not be read.")


def status_of(error: BaseException) -> HTTPStatus:
    """Return the status for an error of gunicorn's parser; 500 for any other error."""
    statuses = (
        status for error_class, status in _STATUS_OF_ERROR if isinstance(error, error_class)
    )
    return next(statuses, HTTPStatus.INTERNAL_SERVER_ERROR)


def early_response(status: HTTPStatus, error: BaseException | None = None) -> bytes:
    """Return the bytes of an HTTP response with a problem document; count and log it.

    The connection must be closed after it. The log entry has the type and the places in the code of
    `error`, if given, but nothing of the request.
    """
    kind, detail = _PROBLEM_OF_STATUS.get(status, _UNREADABLE)
    request_id = f"{getrandbits(128):032x}"
    fields = {"request_id": request_id, "status": status.value, "problem": kind}
    count_problem(kind)
    level = logging.ERROR if error else logging.INFO
    log.log(level, "request refused", exc_info=error, extra={"fields": fields})
    body = json.dumps(
        {
            "type": f"urn:suppression:problem:{kind}",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
            "request_id": request_id,
        }
    ).encode()
    head = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Connection: close",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        f"X-Request-Id: {request_id}",
    ]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        head.append("Retry-After: 5")
    return "\r\n".join((*head, "", "")).encode() + body
