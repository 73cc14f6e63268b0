"""Everything of this layer, onto an application."""

from __future__ import annotations

from flask import Flask, request

from suppression.usecases.verify_start import verify_start
from suppression.web import checks, docs_page, health, links, me, recipients, suppressions
from suppression.web.current import services
from suppression.web.problems import register_problems
from suppression.web.request_log import register_request_log


def register_web(app: Flask) -> None:
    """Register every route, error handler and hook."""
    register_request_log(app)
    register_problems(app)
    app.before_request(_verify_start_once)
    for module in (checks, suppressions, links, me, health, docs_page, recipients):
        app.register_blueprint(module.blueprint)


def _verify_start_once() -> None:
    """Answer nobody before keys and schema were seen to be right, however late that is."""
    if request.blueprint != health.blueprint.name and not services().start_verified.is_set():
        verify_start(services())
