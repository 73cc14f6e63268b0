"""GET /metrics for Prometheus, which must send METRICS_TOKEN as a bearer token."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from suppression.adapters.observability.metrics import exposition
from suppression.domain.errors import InvalidApiKeyError, MissingKeyError, NotFoundError
from suppression.usecases.operations.metrics_snapshot import snapshot_metrics
from suppression.web.http.api_key_auth import bearer_token
from suppression.web.http.context import now, services
from suppression.web.http.rate_limits import exempt_from_rate_limit

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@exempt_from_rate_limit
def metrics() -> Response:
    """Return the summed counters of all workers and the figures read from the database.

    Raises NotFoundError if METRICS_TOKEN is not set, MissingKeyError if the request has no token,
    InvalidApiKeyError if it has another.
    """
    settings = services().settings
    if not settings.metrics_token:
        raise NotFoundError
    sent = bearer_token()
    if not sent:
        raise MissingKeyError("Send METRICS_TOKEN as: Authorization: Bearer <token>.")
    if not hmac.compare_digest(sent.encode(), settings.metrics_token.encode()):
        raise InvalidApiKeyError("This is not the METRICS_TOKEN of this service.")
    instant = now()
    text = exposition(
        settings.metrics_directory, snapshot_metrics(services(), now=instant), now=instant
    )
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)
