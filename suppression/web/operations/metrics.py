"""GET /metrics: for Prometheus, with METRICS_TOKEN."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from suppression.adapters.observability.metrics import exposition
from suppression.domain.errors import MissingKeyError, NotFoundError, WrongKeyError
from suppression.usecases.operations.metrics_snapshot import observe
from suppression.web.http.api_key_auth import sent_key
from suppression.web.http.context import now, services
from suppression.web.http.rate_limits import unlimited

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@unlimited
def metrics() -> Response:
    """Everything that was counted, added up over the workers, and what the database says."""
    settings = services().settings
    if not settings.metrics_token:
        raise NotFoundError
    sent = sent_key()
    if not sent:
        raise MissingKeyError("Send METRICS_TOKEN as: Authorization: Bearer <token>.")
    if not hmac.compare_digest(sent.encode(), settings.metrics_token.encode()):
        raise WrongKeyError("This is not the METRICS_TOKEN of this service.")
    moment = now()
    text = exposition(settings.metrics_directory, observe(services(), now=moment), now=moment)
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)
