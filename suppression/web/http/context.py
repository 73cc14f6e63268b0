"""What a request can reach: the services of its application, and the time."""

from __future__ import annotations

from datetime import datetime

from flask import Request, current_app
from flask.globals import request_ctx

from suppression.usecases.services import Services


def services() -> Services:
    """The services that wiring gave the application."""
    found = current_app.extensions["suppression"]
    if not isinstance(found, Services):
        raise TypeError("wiring has not set up this application")
    return found


def this_request() -> Request:
    """The request itself, for whoever asks it more than once: `request` looks it up each time."""
    return request_ctx.request


def now() -> datetime:
    """The present moment, in UTC."""
    return services().clock()
