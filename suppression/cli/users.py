"""The commands `flask users`, which manage the users of the console."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from suppression.cli.base import ServiceCommand, echo_err, now, services
from suppression.cli.output import json_option, print_list
from suppression.domain.users.roles import Role
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.users.manage import create_user, disable_user, enable_user, list_users
from suppression.usecases.users.manage import reset_password as reset

users = AppGroup("users", help="Make users of the console, reset passwords, disable.")


@users.command("create", cls=ServiceCommand)
@click.argument("login")
@click.option("--controller", "slug", required=True, help="The controller that the user works for.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
def create_user_command(login: str, slug: str, role: str) -> None:
    """Make a user and print a temporary password on stdout. It is shown only this once.

    An existing login keeps its password and also gets the role for this controller.
    """
    password = create_user(services(), find_controller(slug), login, Role(role), now=now())
    if password is None:
        echo_err(f"{login} exists: now also {role} of {slug}, with the same password.")
        return
    echo_err(f"{login} is {role} of {slug}. At the first sign-in the password must be replaced.")
    click.echo(password)


@users.command("list", cls=ServiceCommand)
@click.argument("slug")
@json_option
def list_users_command(slug: str, as_json: bool) -> None:  # noqa: FBT001 - a flag of click
    """List the users of a controller with their roles, and whether they are disabled."""
    rows = [
        {"login": user.login, "role": user.roles[slug], "disabled": user.disabled}
        for user in list_users(find_controller(slug))
    ]
    print_list(("login", "role", "disabled"), rows, as_json=as_json)


@users.command("reset-password", cls=ServiceCommand)
@click.argument("login")
def reset_password_command(login: str) -> None:
    """Set a user's temporary password and print it; end their sessions and reset their codes."""
    password = reset(services(), login, now=now())
    echo_err("Every session of this user has ended. The password must be replaced at once.")
    click.echo(password)


@users.command("disable", cls=ServiceCommand)
@click.argument("login")
def disable_user_command(login: str) -> None:
    """Prevent a user from signing in; every session of theirs ends at once."""
    disable_user(login, now=now())
    echo_err(f"{login} cannot sign in any more, and every session has ended.")


@users.command("enable", cls=ServiceCommand)
@click.argument("login")
def enable_user_command(login: str) -> None:
    """Let a disabled user sign in again, with their earlier password and codes."""
    enable_user(login, now=now())
    echo_err(f"{login} can sign in again.")
