"""The part of an application that servers and commands share: its services and its database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from suppression.adapters.crypto.case_cipher import CaseCipher
from suppression.adapters.crypto.link_signer import LinkSigner
from suppression.settings import Settings
from suppression.storage.engine.base import db
from suppression.storage.engine.configuration import flask_config
from suppression.storage.operations.readiness import newest_migration
from suppression.usecases.services import Services

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def system_clock() -> datetime:
    """Return this machine's present time, as an aware datetime in UTC."""
    return datetime.now(UTC)


def set_up(
    app: Flask,
    settings: Settings,
    *,
    clock: Callable[[], datetime] = system_clock,
    database_clock: Callable[[], datetime] | None = None,
) -> None:
    """Give an application its settings, its services and its database.

    `clock` is this machine's clock. `database_clock` replaces, in tests, the database's clock; if
    it is None, PostgreSQL uses its own clock, and SQLite, which has none, uses `clock`. Both return
    aware datetimes. Raise SettingsError for a database URL that cannot be used.
    """
    configured = flask_config(settings, clock=clock, database_clock=database_clock)
    app.config.from_mapping(configured)
    app.extensions["suppression"] = Services(
        settings,
        newest_migration(MIGRATIONS),
        clock,
        LinkSigner(settings.signing_keys),
        CaseCipher(settings.case_keys),
        LinkSigner(settings.signing_keys, salt=b"suppression/undo"),
    )
    db.init_app(app)
    app.teardown_appcontext_funcs.clear()  # they close db.session, which is never opened
