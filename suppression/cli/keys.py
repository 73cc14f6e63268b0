"""The commands `flask master-key`, `flask signing-key` and `flask case-key`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from suppression.adapters.crypto.key_files import new_key
from suppression.cli.base import ServiceCommand, echo_err, services
from suppression.usecases.cases.reencrypt import reencrypt_cases

_REPORT_EVERY = 1000

master_key = AppGroup("master-key", help="The keys that fingerprints are made with.")


signing_key = AppGroup("signing-key", help="The keys that unsubscribe links are signed with.")


case_key = AppGroup("case-key", help="The keys that cases are encrypted with.")


@case_key.command("new", with_appcontext=False)
def new_case_key() -> None:
    """Print a new case key on stdout."""
    echo_err("Append it to CASE_KEYS as N:<key>; keep the old ones: open cases are read with them.")
    click.echo(new_key())


@case_key.command("rewrap", cls=ServiceCommand)
def rewrap_case_key() -> None:
    """Encrypt again, with the newest case key, all that is encrypted with an older one."""
    checked, rewrapped = 0, 0
    for done in reencrypt_cases(services()):
        checked, rewrapped = checked + 1, rewrapped + done
        if checked % _REPORT_EVERY == 0:
            echo_err(f"{checked} texts, {rewrapped} of them encrypted anew")
    newest = max(services().settings.case_keys)
    echo_err(f"{checked} texts stand under case key {newest}; {rewrapped} of them were older.")


@signing_key.command("new", with_appcontext=False)
def new_signing_key() -> None:
    """Print a new signing key on stdout."""
    echo_err("Append it to SIGNING_KEYS as N:<key>; never remove an old one: its links still work.")
    click.echo(new_key())


@master_key.command("new", with_appcontext=False)
def new_master_key() -> None:
    """Print a new master key on stdout."""
    echo_err("Keep this key apart from the database, and for ever; set it as MASTER_KEYS=1:<key>.")
    click.echo(new_key())
