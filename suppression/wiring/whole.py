"""An application with routes and commands, for Flask's own commands, tests and benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from suppression.cli.migrations import use_migrations
from suppression.cli.registration import register_cli
from suppression.settings import Settings
from suppression.wiring.core import MIGRATIONS, system_clock
from suppression.wiring.server import create_server


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = system_clock,
    database_clock: Callable[[], datetime] | None = None,
) -> Flask:
    """Return an application with all routes and all commands of the service.

    `clock` is this machine's clock; `database_clock` replaces, in tests, the database's. Raise
    SettingsError for a database URL that cannot be used.
    """
    app = create_server(settings, clock=clock, database_clock=database_clock)
    register_cli(app, MIGRATIONS)
    use_migrations(app)
    return app
