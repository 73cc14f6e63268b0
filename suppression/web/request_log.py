"""A request id for every request, and one line about it: its route, never its URL."""

from __future__ import annotations

import logging
import time
import uuid

from flask import Flask, Response, g, request

from suppression.adapters.metrics import count_problem
from suppression.domain.controllers import Caller

log = logging.getLogger(__name__)


def register_request_log(app: Flask) -> None:
    """Number, time and log every request of this application."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = uuid.uuid4().hex
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    caller: Caller | None = g.get("caller")
    fields = {
        "request_id": g.request_id,
        "method": request.method if request.url_rule else "",
        "route": str(request.url_rule or ""),
        "status": response.status_code,
        "duration_ms": round((time.perf_counter() - g.started) * 1000, 2),
        "controller": caller.controller.slug if caller else "",
        "key": caller.key_number if caller else 0,
        "problem": g.get("problem", ""),
    }
    if fields["problem"]:
        count_problem(str(fields["problem"]))
    log.info("request", extra={"fields": fields})
    return response
