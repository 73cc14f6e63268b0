"""Register the commands of this layer on an application.

The module of a command is imported only when the command is looked up, so that each command starts
without what the others need.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup, routes_command, run_command, shell_command

from suppression.cli.base import CommandsOnDemand
from suppression.settings import SettingsError

_COMMANDS = {
    "case-key": "keys:case_key",
    "check": "check:check_command",
    "consents": "consents.commands:consents",
    "controllers": "controllers:controllers",
    "db": "migrations:db",
    "explain": "explain:explain_command",
    "import": "imports.commands:import_command",
    "imports": "imports.commands:imports",
    "keys": "controllers:keys",
    "links": "links:links_command",
    "master-key": "keys:master_key",
    "policies": "policies:policies",
    "reviews": "reviews:reviews",
    "scrub": "scrub:scrub_command",
    "seed": "seed:seed_command",
    "serve": "serve:serve_command",
    "signing-key": "keys:signing_key",
    "suppress": "check:suppress_command",
    "topics": "controllers:topics",
    "users": "users:users",
    "worker": "worker:worker_command",
}
"""Each command's module below `suppression.cli`, and the variable there that holds it."""


def register_cli(app: Flask, migrations: Path) -> None:
    """Register every command on `app`; `migrations` is the folder that `flask db` reads."""
    app.config["MIGRATIONS"] = migrations
    app.cli = CommandsOnDemand(_COMMANDS)
    _present(app.cli)


def _present(group: click.Group) -> None:
    """Name the group `flask`, and hide Flask's commands for developers from `--help`.

    The hidden commands still run.
    """
    group.name = "flask"
    for command in (run_command, shell_command, routes_command):
        command.hidden = True


def register_key_making_only(app: Flask, missing: SettingsError) -> None:
    """Register only the commands that create keys, on an application without settings.

    `missing` names the setting that is missing or invalid: every other command but Flask's own
    fails with it, and every HTTP request is answered 503 with it.
    """
    keys = import_module("suppression.cli.keys")
    groups = [
        LimitedGroup([group.commands["new"]], missing, name=group.name, about=group.help)
        for group in (keys.master_key, keys.signing_key, keys.case_key)
    ]
    app.cli = LimitedGroup(groups, missing)
    _present(app.cli)
    app.before_request(lambda: (f"Not configured: {missing}\n", 503))


class LimitedGroup(AppGroup):
    """A group for an application that lacks a setting: it runs its own commands and no others."""

    def __init__(
        self,
        commands: Iterable[click.Command],
        missing: SettingsError,
        *,
        name: str | None = None,
        about: str | None = None,
    ) -> None:
        """Create a group of `commands`; `missing` is the error for all other commands."""
        super().__init__(name, help=about)
        self.missing = missing
        for command in commands:
            self.add_command(command)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name. Raises ClickException with `missing` for any other name."""
        known = super().get_command(ctx, cmd_name)
        if known is None:
            raise click.ClickException(f"Cannot start: {self.missing}")
        return known
