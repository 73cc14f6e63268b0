"""The application by which `flask` runs the commands of the service. It has no routes.

For Flask's own commands (`run`, `routes`, `shell`) app.py loads the application of whole.py.
"""

from __future__ import annotations

from flask import Flask

from suppression.cli.registration import register_cli, register_key_making_only
from suppression.settings import Settings, SettingsError
from suppression.wiring.core import MIGRATIONS, set_up


def create_commands(settings: Settings) -> Flask:
    """Return an application that has the commands of the service, but no routes.

    Raise SettingsError for a database URL that cannot be used.
    """
    app = Flask("suppression", static_folder=None)
    set_up(app, settings)
    register_cli(app, MIGRATIONS)
    return app


def create_unconfigured_app(missing: SettingsError) -> Flask:
    """Return an application whose `flask` commands only make new master, signing and case keys.

    Every other command of the service fails with `missing`; every HTTP request gets a 503 with it.
    """
    app = Flask("suppression", static_folder=None)
    register_key_making_only(app, missing)
    return app
