"""The application that the `flask` command loads. It has no routes."""

from __future__ import annotations

from flask import Flask

from suppression.cli.registration import register_cli, register_key_making_only
from suppression.settings import Settings, SettingsError
from suppression.wiring.core import MIGRATIONS, set_up


def create_commands(settings: Settings) -> Flask:
    """Return an application with the commands of the service alone."""
    app = Flask("suppression", static_folder=None)
    set_up(app, settings)
    register_cli(app, MIGRATIONS)
    return app


def create_unconfigured_app(missing: SettingsError) -> Flask:
    """Return an application whose `flask` commands only make new master, signing and case keys.

    Every other command, and every HTTP request, reports `missing`.
    """
    app = Flask("suppression", static_folder=None)
    register_key_making_only(app, missing)
    return app
