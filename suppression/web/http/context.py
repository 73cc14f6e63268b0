"""Access of a view to the services of the application, the request object and the clock."""

from __future__ import annotations

from datetime import datetime

from flask import Request, current_app
from flask.globals import request_ctx

from suppression.usecases.services import Services


def services() -> Services:
    """Return the services of the current application, which wiring must have set up."""
    extension = current_app.extensions["suppression"]
    if not isinstance(extension, Services):
        raise TypeError("wiring has not set up this application")
    return extension


def this_request() -> Request:
    """Return the request object itself; Flask's proxy `request` looks it up at each use."""
    return request_ctx.request


def now() -> datetime:
    """Return the present time as an aware UTC datetime, from the clock of the services."""
    return services().clock()
