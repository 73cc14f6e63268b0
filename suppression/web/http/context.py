"""What a request can reach: the services of its application, the request itself and the clock."""

from __future__ import annotations

from datetime import datetime

from flask import Request, current_app
from flask.globals import request_ctx

from suppression.usecases.services import Services


def services() -> Services:
    """Return the services that wiring gave the application; raise TypeError if it gave none."""
    extension = current_app.extensions["suppression"]
    if not isinstance(extension, Services):
        raise TypeError("wiring has not set up this application")
    return extension


def this_request() -> Request:
    """Return the request object, to use several times: `request` looks it up at each use."""
    return request_ctx.request


def now() -> datetime:
    """Return the present time in UTC, from the clock of the services."""
    return services().clock()
