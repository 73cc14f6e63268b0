"""Everything of this layer, onto an application."""

from __future__ import annotations

from functools import partial

from flask import Flask, request

from suppression.settings import Settings
from suppression.usecases.connections import begin_request
from suppression.usecases.services import Services
from suppression.usecases.verify_start import verify_start
from suppression.web import (
    brands,
    calls,
    checks,
    choices,
    confirmations,
    consents,
    docs_page,
    health,
    imports,
    inbound,
    link_files,
    links,
    me,
    metrics,
    recipients,
    scrubs,
    stop_form,
    suppressions,
)
from suppression.web.console.registration import register_console
from suppression.web.languages import register_languages
from suppression.web.rate_limits import UNLIMITED, limited_by, register_rate_limits
from suppression.web.request_log import register_request_log
from suppression.web.wrong_turns import register_errors

_MODULES = (
    checks,
    scrubs,
    calls,
    consents,
    imports,
    inbound,
    suppressions,
    links,
    link_files,
    me,
    health,
    metrics,
    docs_page,
    recipients,
    choices,
    confirmations,
    stop_form,
    brands,
)


def register_web(app: Flask, settings: Settings) -> None:
    """Register every route, error handler and hook."""
    app.before_request(partial(_begin, app))
    register_request_log(app)
    register_languages(app)
    register_errors(app)
    register_rate_limits(app, settings)
    app.before_request(partial(_verify_start_once, app.extensions["suppression"]))
    for module in _MODULES:
        app.register_blueprint(module.blueprint)
    register_console(app, settings)
    app.register_blueprint(recipients.assets)


def _begin(app: Flask) -> None:
    """What stores a stop is what no limit refuses: it may use the connection kept for stops."""
    rule = request.url_rule
    unlimited = rule is not None and limited_by(app, rule.endpoint) == UNLIMITED
    begin_request(storing_a_stop=unlimited and request.method == "POST")


def _verify_start_once(services: Services) -> None:
    """Answer nobody before keys and schema were seen to be right, however late that is."""
    if services.start_verified.is_set():
        return
    if request.blueprint not in {health.blueprint.name, metrics.blueprint.name}:
        verify_start(services)
