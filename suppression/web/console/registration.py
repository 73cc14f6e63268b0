"""Register the console on the Flask application."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from suppression.domain.identifiers.keyed_digests import hkdf_sha256
from suppression.domain.users.model import LONGEST_SESSION
from suppression.settings import Settings
from suppression.web.console import audit_log as log
from suppression.web.console import branding as look
from suppression.web.console import lookup as looking_up
from suppression.web.console import mail_domains, policies, reopenings
from suppression.web.console import settings as settings_pages
from suppression.web.console import sms_review as messages
from suppression.web.console.cases import complete as completing
from suppression.web.console.cases import letters as answering
from suppression.web.console.cases import pages as cases
from suppression.web.console.cases import record, steps
from suppression.web.console.context import blueprint, csrf
from suppression.web.console.imports import pages as imports
from suppression.web.console.users import accept_invitation as accepting
from suppression.web.console.users import pages as user_pages
from suppression.web.console.users import sign_in as signing_in

_PAGES = (
    accepting,
    answering,
    cases,
    completing,
    imports,
    log,
    look,
    looking_up,
    mail_domains,
    messages,
    policies,
    record,
    reopenings,
    settings_pages,
    signing_in,
    steps,
    user_pages,
)
"""Modules that add their routes to the console's blueprint when Python loads them."""


def register_console(app: Flask, settings: Settings) -> None:
    """Register the console's pages and CSRF protection; configure a cookie for /console only."""
    app.secret_key = hkdf_sha256(settings.signing_keys[1], "suppression/console/session")
    app.config.update(
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=LONGEST_SESSION.total_seconds()),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="__Secure-console",
        SESSION_COOKIE_PATH="/console",
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=True,
        WTF_CSRF_CHECK_DEFAULT=False,  # `check_form` does: only the console has tokens
        WTF_CSRF_SSL_STRICT=False,  # it requires a Referer header, and our pages send none
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
    )
    csrf.init_app(app)
    app.register_blueprint(blueprint)
