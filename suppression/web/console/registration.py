"""The console, onto an application."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from suppression.domain.fingerprints import hkdf_sha256
from suppression.domain.users import LONGEST_SESSION
from suppression.settings import Settings
from suppression.web.console import (
    accepting,
    answering,
    cases,
    completing,
    imports,
    log,
    look,
    looking_up,
    messages,
    policies,
    record,
    reopenings,
    settings_pages,
    signing_in,
    steps,
    user_pages,
)
from suppression.web.console.desk import blueprint, csrf

_PAGES = (
    accepting,
    answering,
    cases,
    completing,
    imports,
    log,
    look,
    looking_up,
    messages,
    policies,
    record,
    reopenings,
    settings_pages,
    signing_in,
    steps,
    user_pages,
)
"""Each puts its routes on the one blueprint when it is imported."""


def register_console(app: Flask, settings: Settings) -> None:
    """Cookies that only this console sees, CSRF tokens, and every page."""
    app.secret_key = hkdf_sha256(settings.signing_keys[1], "suppression/console/session")
    app.config.update(
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=LONGEST_SESSION.total_seconds()),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="__Secure-console",
        SESSION_COOKIE_PATH="/console",
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=True,
        WTF_CSRF_CHECK_DEFAULT=False,  # the API takes keys, and recipients' stops must not need it
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, and our pages send none
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
    )
    csrf.init_app(app)
    app.register_blueprint(blueprint)
