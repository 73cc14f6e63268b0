"""Give every request an id, and log one line about it, with its route but never its URL."""

from __future__ import annotations

import logging
import time
from functools import partial
from http import HTTPStatus
from random import getrandbits

from flask import Flask, Response, current_app, g

from suppression.adapters.observability.json_logging import line_of
from suppression.adapters.observability.metrics import count_problem
from suppression.adapters.observability.outage_log import OutageLog
from suppression.domain.controllers.model import Caller
from suppression.web.http.context import this_request

log = logging.getLogger(__name__)

_OUTAGES = "suppression_outages"
_READY = {"health.readyz", "health.readyz_for_stops"}


def register_request_log(app: Flask) -> None:
    """Register hooks that give each request of `app` an id, time it and log it at INFO.

    They also count problems, and add the headers X-Request-Id, X-Content-Type-Options: nosniff and,
    if the view set no Cache-Control, Cache-Control: no-store.
    """
    outages = app.extensions[_OUTAGES] = OutageLog()
    app.before_request(_begin)
    app.after_request(partial(_end, outages))


def outage_log() -> OutageLog:
    """Return the log of the current application's outages."""
    outages: OutageLog = current_app.extensions[_OUTAGES]
    return outages


def _begin() -> None:
    known = g._get_current_object()  # noqa: SLF001 - looked up once
    # Not a secret, only distinct for each request; os.urandom would release the GIL.
    known.request_id = f"{getrandbits(128):032x}"
    known.started = time.perf_counter()


def _end(outages: OutageLog, response: Response) -> Response:
    known, current_request = g._get_current_object(), this_request()  # noqa: SLF001 - looked up once
    headers, rule = response.headers, current_request.url_rule
    headers.add("X-Request-Id", known.request_id)
    headers.setdefault("Cache-Control", "no-store")
    headers.add("X-Content-Type-Options", "nosniff")
    caller: Caller | None = known.get("caller")
    fields = {
        "request_id": known.request_id,
        "method": current_request.method if rule else "",
        "route": rule.rule if rule else "",
        "status": response.status_code,
        "duration_ms": round((time.perf_counter() - known.started) * 1000, 2),
        "controller": caller.controller.slug if caller else "",
        "key": caller.key_number if caller else 0,
        "problem": known.get("problem", ""),
    }
    if fields["problem"]:
        count_problem(str(fields["problem"]))
    elif outages.is_open and _asked_the_database(response):
        outages.note_answer()
    if log.isEnabledFor(logging.INFO):
        log.handle(line_of(__name__, "request", fields))
    return response


def _asked_the_database(response: Response) -> bool:
    """Return whether a response without a problem proves that the database answers.

    True for a status below 400 if the request found its API key, is a POST, or is for /readyz or
    /readyz/stops.
    """
    current_request = this_request()
    return response.status_code < HTTPStatus.BAD_REQUEST and (
        "caller" in g or current_request.method == "POST" or current_request.endpoint in _READY
    )
