"""Construction of the application: the only module that may use all layers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from suppression.adapters.crypto.case_cipher import CaseCipher
from suppression.adapters.crypto.link_signer import LinkSigner
from suppression.cli.registration import register_cli, register_key_making_only
from suppression.settings import Settings, SettingsError
from suppression.storage.engine.base import db
from suppression.storage.engine.configuration import flask_config
from suppression.storage.operations.readiness import newest_migration
from suppression.usecases.services import Services
from suppression.web.http.application import Application
from suppression.web.registration import register_web

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def system_clock() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = system_clock,
    database_clock: Callable[[], datetime] | None = None,
) -> Flask:
    """Return the WSGI application with its commands.

    `clock` is this machine's clock. Stored dates are by the database's own clock, which tests
    replace by `database_clock`.
    """
    app = Application("suppression", static_folder=None)
    configured = flask_config(settings, clock=clock, database_clock=database_clock)
    app.config.from_mapping(configured, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.merge_slashes = False  # a redirect would be a response outside the API's contract
    app.extensions["suppression"] = Services(
        settings,
        newest_migration(MIGRATIONS),
        clock,
        LinkSigner(settings.signing_keys),
        CaseCipher(settings.case_keys),
        LinkSigner(settings.signing_keys, salt=b"suppression/undo"),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    db.init_app(app)
    app.teardown_appcontext_funcs.clear()  # they close db.session, which is never opened
    Migrate(app, db, directory=str(MIGRATIONS))
    register_web(app, settings)
    register_cli(app)
    return app


def create_unconfigured_app(missing: SettingsError) -> Flask:
    """Return an application whose `flask` commands only make new master, signing and case keys.

    Every other command, and every HTTP request, reports `missing`.
    """
    app = Flask("suppression", static_folder=None)
    register_key_making_only(app, missing)
    return app
