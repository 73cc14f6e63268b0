"""What a request can reach: the services of its application, and the time."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from suppression.usecases.services import Services


def services() -> Services:
    """The services that wiring gave the application."""
    found = current_app.extensions["suppression"]
    if not isinstance(found, Services):
        raise TypeError("wiring has not set up this application")
    return found


def now() -> datetime:
    """The present moment, in UTC."""
    return services().clock()
