"""The command `flask serve`, which becomes gunicorn once the settings have been verified.

gunicorn reads WEB_CONCURRENCY before gunicorn.conf.py, and ends with a trace if it is not a number.
When this command runs, every setting has been read, so a bad one was reported.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from suppression.cli.program import OF_FLASK

ROOT = Path(__file__).parents[2]


@click.command("serve")
def serve_command() -> None:
    """Serve with gunicorn and gunicorn.conf.py: gunicorn replaces this process."""
    program = Path(sys.executable).with_name("gunicorn")
    environ = {name: value for name, value in os.environ.items() if name != OF_FLASK}
    os.chdir(ROOT)
    os.execve(program, [str(program)], environ)  # noqa: S606 - our own environment's program
