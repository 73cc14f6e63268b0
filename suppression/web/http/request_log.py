"""Give every request an id, and log one line about it, with its route but never its URL."""

from __future__ import annotations

import logging
import time
from random import getrandbits

from flask import Flask, Response, g

from suppression.adapters.observability.json_logging import line_of
from suppression.adapters.observability.metrics import count_problem
from suppression.domain.controllers.model import Caller
from suppression.web.http.context import this_request

log = logging.getLogger(__name__)


def register_request_log(app: Flask) -> None:
    """Register hooks that give each request of `app` an id, time it and log it at INFO.

    They also count problems, and add the headers X-Request-Id, X-Content-Type-Options: nosniff and,
    if the view set no Cache-Control, Cache-Control: no-store.
    """
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    known = g._get_current_object()  # noqa: SLF001 - looked up once
    # Not a secret, only distinct for each request; os.urandom would release the GIL.
    known.request_id = f"{getrandbits(128):032x}"
    known.started = time.perf_counter()


def _end(response: Response) -> Response:
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
    if log.isEnabledFor(logging.INFO):
        log.handle(line_of(__name__, "request", fields))
    return response
