"""flask master-key."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from suppression.adapters.key_files import new_key
from suppression.cli.command import say

master_key = AppGroup("master-key", help="The keys that fingerprints are made with.")


@master_key.command("new", with_appcontext=False)
def new_master_key() -> None:
    """Print a fresh master key, alone on stdout."""
    say("Keep this key apart from the database, and for ever; set it as MASTER_KEYS=1:<key>.")
    click.echo(new_key())
