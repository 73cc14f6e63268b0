"""Base classes of the commands, and access of a command to the services, the clock and stderr.

A command that uses the database verifies keys and schema first, and prints an error on one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo

from suppression.adapters.runtime.gc_tuning import tune_gc
from suppression.domain.errors import DatabaseUnavailableError, SuppressionError
from suppression.domain.well_formed import well_formed
from suppression.usecases.operations.verify_start import verify_start
from suppression.usecases.services import Services


class CommandsOnDemand(AppGroup):
    """A group that imports a command's module when the command is looked up."""

    def __init__(self, commands: Mapping[str, str]) -> None:
        """Create a group; `commands` maps names to `module:variable` below `suppression.cli`."""
        super().__init__()
        self._places = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in alphabetical order."""
        return sorted({*self._places, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        if cmd_name in self._places and cmd_name not in self.commands:
            module, _, variable = self._places[cmd_name].partition(":")
            command = getattr(import_module(f"suppression.cli.{module}"), variable)
            self.add_command(command, name=cmd_name)
        return super().get_command(ctx, cmd_name)


class DatabaseAwayError(click.ClickException):
    """The error that ends a command because the database did not answer."""


class TextCommand(click.Command):
    """A command that runs with texts free of lone surrogates, whatever bytes the shell passed.

    Paths keep their exact bytes, because a file is opened by them. An option that takes one value
    may occur only once: click would silently ignore the first of two values.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Raises BadParameter if a single-value option occurs twice."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        for option, times in Counter(order).items():
            takes_one = isinstance(option, click.Option) and not (option.multiple or option.is_flag)
            if takes_one and times > 1 and not ctx.resilient_parsing:
                detail = "Write it once: of several values it is a list, like email,sms."
                raise click.BadParameter(detail, ctx=ctx, param=option)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Replace lone surrogates in all parameters except paths, then run the command."""
        paths = {option.name for option in self.params if isinstance(option.type, click.Path)}
        ctx.params = {
            name: value if name in paths else _well_formed(value)
            for name, value in ctx.params.items()
        }
        return super().invoke(ctx)


def _well_formed(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_well_formed(item) for item in value)
    return well_formed(value) if isinstance(value, str) else value


class ServiceCommand(TextCommand):
    """A command that uses the database; it verifies keys and schema before it runs."""

    def prepare(self) -> None:
        """Verify keys and schema.

        Raises KeyMismatchError for wrong keys, PendingMigrationError for an older schema,
        OutdatedCodeError for one that only newer code may run on, DatabaseUnavailableError if the
        database does not answer.
        """
        verify_start(services())

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Verify keys and schema in an application context, then run the command there.

        Raises DatabaseAwayError if the database does not answer, ClickException for any other
        SuppressionError.
        """
        try:
            with ctx.ensure_object(ScriptInfo).load_app().app_context():
                self.prepare()
                tune_gc()
                return super().invoke(ctx)
        except SuppressionError as error:
            details = [error.for_operator, *(fault.detail for fault in error.faults)]
            away = isinstance(error, DatabaseUnavailableError)
            raise (DatabaseAwayError if away else click.ClickException)(" ".join(details)) from None


class WaitForDatabaseCommand(ServiceCommand):
    """A long-running command that also starts while the database does not answer."""

    def prepare(self) -> None:
        """Verify keys and schema, but only print a warning if the database does not answer.

        Raises KeyMismatchError for wrong keys, PendingMigrationError for an older schema,
        OutdatedCodeError for one that only newer code may run on.
        """
        try:
            super().prepare()
        except DatabaseUnavailableError as error:
            echo_err(f"{error.for_operator} Trying again until it answers.")


def services() -> Services:
    """Return the services of the current application, which wiring must have set up."""
    extensions = current_app.extensions["suppression"]
    if not isinstance(extensions, Services):
        raise TypeError("wiring has not set up this application")
    return extensions


def now() -> datetime:
    """Return the present time in UTC, from the clock of the services."""
    return services().clock()


def program_name() -> str:
    """Return the name by which the user called this program (`flask`, `./run flask`), for hints."""
    return str(click.get_current_context().find_root().info_name)


def echo_err(text: str) -> None:
    """Print a line on stderr, which people read; scripts read stdout."""
    click.echo(text, err=True)
