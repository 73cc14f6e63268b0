"""Every command of this layer, onto an application."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from suppression.cli.consents import consents
from suppression.cli.controllers import controllers, keys, topics
from suppression.cli.demo import seed_command
from suppression.cli.explain import explain_command
from suppression.cli.imports import import_command, imports
from suppression.cli.links import links_command
from suppression.cli.master_keys import master_key, signing_key
from suppression.cli.policies import policies
from suppression.cli.questions import check_command, suppress_command
from suppression.cli.reviews import reviews
from suppression.cli.scrub import scrub_command
from suppression.cli.worker import worker_command
from suppression.settings import SettingsError


def register_cli(app: Flask) -> None:
    """Register every command."""
    commands: list[click.Command] = [
        controllers,
        topics,
        keys,
        policies,
        reviews,
        master_key,
        signing_key,
        check_command,
        consents,
        explain_command,
        import_command,
        imports,
        links_command,
        scrub_command,
        suppress_command,
        seed_command,
        worker_command,
    ]
    for command in commands:
        app.cli.add_command(command)


def register_key_making_only(app: Flask, missing: SettingsError) -> None:
    """Without settings only keys can be made; every other command says what is missing."""
    app.cli = KeyMakingOnly(missing)
    app.before_request(lambda: (f"Not configured: {missing}\n", 503))


class KeyMakingOnly(AppGroup):
    """The commands of an application that lacks a setting."""

    def __init__(self, missing: SettingsError) -> None:
        """`missing` names the setting and says what to set."""
        super().__init__()
        self.missing = missing
        self.add_command(master_key)
        self.add_command(signing_key)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The key-making commands; for any other, what is missing."""
        known = super().get_command(ctx, cmd_name)
        if known is None:
            raise click.ClickException(f"Cannot start: {self.missing}")
        return known
