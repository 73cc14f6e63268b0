"""/livez, /readyz, /readyz/stops and /openapi.yaml, which need no API key."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response

from suppression import __version__
from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeyMismatchError,
    OutdatedCodeError,
    PendingMigrationError,
)
from suppression.usecases.connections import begin_request
from suppression.usecases.operations.verify_start import verify_start
from suppression.web.http.context import services
from suppression.web.http.json_bodies import json_response, render
from suppression.web.http.problems import RETRY_AFTER_SECONDS
from suppression.web.http.rate_limits import exempt_from_rate_limit
from suppression.web.schemas.me import LiveSchema, ReadySchema

blueprint = Blueprint("health", __name__)

CONTRACT = Path(__file__).parents[3] / "openapi.yaml"
_LIVE, _READY = LiveSchema(), ReadySchema()
_OK = {"database": "ok", "schema": "ok", "keys": "ok", "writes": "ok"}
_VERSION = {"version": __version__}


@blueprint.get("/livez")
@exempt_from_rate_limit
def livez() -> Response:
    """Return status 200, which shows that the process answers requests."""
    return json_response(render(_LIVE, {"status": "ok"}))


@blueprint.get("/readyz")
@exempt_from_rate_limit
def readyz() -> Response:
    """Report database, schema, keys, writes and clock; return 503 if one of the first four fails.

    A clock that is off is reported but keeps the status 200: the service still stores stops.
    """
    failing = _failing()
    clock = {"clock": "off" if services().clock_watch.off else "ok"}
    answer = _OK | clock | failing | _VERSION
    response = json_response(render(_READY, answer, status=503 if failing else 200))
    if failing:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


@blueprint.get("/readyz/stops")
@exempt_from_rate_limit
def readyz_for_stops() -> Response:
    """Return status 200 while stops can be stored, 503 otherwise.

    Like a stop, this request may use the connection reserved for stops. So the status is 200 even
    if the database grants no other connection.
    """
    begin_request(storing_a_stop=True)
    return readyz()


@blueprint.get("/openapi.yaml")
def openapi() -> Response:
    """Return openapi.yaml, the description of the API."""
    return Response(CONTRACT.read_bytes(), mimetype="application/yaml")


def _failing() -> dict[str, str]:
    """Return the parts that fail, each with its state; an empty dict if none fails.

    A part that cannot be tested because another one fails counts as failing too; without a database
    the clock is "unknown".
    """
    try:
        verify_start(services())
    except DatabaseUnavailableError:
        return dict.fromkeys(_OK, "failing") | {"clock": "unknown"}
    except (PendingMigrationError, OutdatedCodeError):
        return dict.fromkeys(("schema", "keys", "writes"), "failing")
    except KeyMismatchError:
        return dict.fromkeys(("keys", "writes"), "failing")
    return {} if services().writes.writes_are_stored() else {"writes": "failing"}
