"""flask serve: verify the settings, then become gunicorn.

gunicorn reads WEB_CONCURRENCY before gunicorn.conf.py, and ends with a trace if that is no number.
By the time that this command runs, every setting has been read.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
_OF_FLASK = "FLASK_RUN_FROM_CLI"
"""The variable that makes app.py tolerate a missing setting, for commands."""


@click.command("serve")
def serve_command() -> None:
    """Become gunicorn, with gunicorn.conf.py: this very process serves from then on."""
    program = Path(sys.executable).with_name("gunicorn")
    environ = {name: value for name, value in os.environ.items() if name != _OF_FLASK}
    os.chdir(ROOT)
    os.execve(program, [str(program)], environ)  # noqa: S606 - our own environment's program
