"""The application that gunicorn serves. It has no commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from suppression.settings import Settings
from suppression.web.http.application import Application
from suppression.web.registration import register_web
from suppression.wiring.core import set_up, system_clock


def create_server(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = system_clock,
    database_clock: Callable[[], datetime] | None = None,
) -> Flask:
    """Return the WSGI application, which has all routes and no commands of the service.

    `clock` is this machine's clock; `database_clock` replaces, in tests, the database's. Raise
    SettingsError for a database URL that cannot be used.
    """
    app = Application("suppression", static_folder=None)
    app.config.from_mapping(PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.merge_slashes = False  # a redirect would be a response outside the API's contract
    set_up(app, settings, clock=clock, database_clock=database_clock)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    register_web(app, settings)
    return app
