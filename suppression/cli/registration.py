"""Register the commands of this layer on an application."""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask import Flask
from flask.cli import AppGroup, routes_command, run_command, shell_command

from suppression.cli.check import check_command, suppress_command
from suppression.cli.consents.commands import consents
from suppression.cli.controllers import controllers, keys, topics
from suppression.cli.explain import explain_command
from suppression.cli.imports.commands import import_command, imports
from suppression.cli.keys import case_key, master_key, signing_key
from suppression.cli.links import links_command
from suppression.cli.policies import policies
from suppression.cli.reviews import reviews
from suppression.cli.scrub import scrub_command
from suppression.cli.seed import seed_command
from suppression.cli.serve import serve_command
from suppression.cli.users import users
from suppression.cli.worker import worker_command
from suppression.settings import SettingsError


def register_cli(app: Flask) -> None:
    """Register every command on `app`."""
    commands: list[click.Command] = [
        controllers,
        topics,
        keys,
        policies,
        reviews,
        master_key,
        signing_key,
        case_key,
        users,
        check_command,
        consents,
        explain_command,
        import_command,
        imports,
        links_command,
        scrub_command,
        suppress_command,
        seed_command,
        serve_command,
        worker_command,
    ]
    for command in commands:
        app.cli.add_command(command)
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

    Every other command fails with an error that names the missing setting; every HTTP request is
    answered 503 with it.
    """
    groups = [
        LimitedGroup([group.commands["new"]], missing, name=group.name, about=group.help)
        for group in (master_key, signing_key, case_key)
    ]
    app.cli = LimitedGroup(groups, missing)
    _present(app.cli)
    app.before_request(lambda: (f"Not configured: {missing}\n", 503))


class LimitedGroup(AppGroup):
    """A group of the commands that need no setting, for an application that lacks one."""

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
