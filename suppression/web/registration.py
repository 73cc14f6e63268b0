"""Everything of this layer, onto an application."""

from __future__ import annotations

from flask import Flask, current_app, request

from suppression.usecases.verify_start import verify_start
from suppression.web import checks, health, me, suppressions
from suppression.web.current import services
from suppression.web.problems import register_problems
from suppression.web.request_log import register_request_log


def register_web(app: Flask) -> None:
    """Register every route, error handler and hook."""
    register_request_log(app)
    register_problems(app)
    app.before_request(_verify_start_once)
    for blueprint in (checks.blueprint, suppressions.blueprint, me.blueprint, health.blueprint):
        app.register_blueprint(blueprint)


def _verify_start_once() -> None:
    """Answer nobody before keys and schema were seen to be right, however late that is."""
    view = current_app.view_functions.get(request.endpoint or "")
    if hasattr(view, "required_scope") and not services().start_verified.is_set():
        verify_start(services())
