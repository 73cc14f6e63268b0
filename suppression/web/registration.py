"""Registers the blueprints, error handlers and hooks of the web layer on an application."""

from __future__ import annotations

from functools import partial

from flask import Flask, request

from suppression.settings import Settings
from suppression.usecases.operations.verify_start import verify_start
from suppression.usecases.services import Services
from suppression.web.api import (
    calls,
    check_batches,
    checks,
    consents,
    imports,
    link_files,
    links,
    me,
    scrubs,
    suppressions,
)
from suppression.web.api import inbound_sms as inbound
from suppression.web.console.registration import register_console
from suppression.web.error_handlers import register_errors
from suppression.web.http.rate_limits import register_rate_limits
from suppression.web.http.request_log import register_request_log
from suppression.web.operations import api_docs as docs_page
from suppression.web.operations import health, metrics
from suppression.web.pages import branding as brands
from suppression.web.pages import confirmations
from suppression.web.pages import opt_out_form as stop_form
from suppression.web.pages import preferences as choices
from suppression.web.pages import unsubscribe as recipients
from suppression.web.pages.languages import register_languages

_MODULES = (
    checks,
    check_batches,
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
    """Register every route, error handler and hook of the web layer on `app`."""
    register_request_log(app)
    register_languages(app)
    register_errors(app)
    register_rate_limits(app, settings)
    app.before_request(partial(_verify_start_once, app.extensions["suppression"]))
    for module in _MODULES:
        app.register_blueprint(module.blueprint)
    register_console(app, settings)
    app.register_blueprint(recipients.assets)


def _verify_start_once(services: Services) -> None:
    """Verify keys and schema before a request, unless this process has verified them before.

    Requests to /livez, /readyz, /readyz/stops, /openapi.yaml and /metrics pass unverified. Raises
    PendingMigrationError for an older schema, OutdatedCodeError for one that only newer code may
    run on, KeyMismatchError for wrong keys, DatabaseUnavailableError if the database does not
    answer; the next request then verifies again.
    """
    if services.start_verified.is_set():
        return
    if request.blueprint not in {health.blueprint.name, metrics.blueprint.name}:
        verify_start(services)
