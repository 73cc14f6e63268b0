"""The `flask` program of this project: it runs from any folder; `--version` is the service's.

Flask's own program finds these commands only from the project's folder, and prints Flask's version,
because it handles `--version` before it loads an application.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import FlaskGroup, ScriptInfo

from suppression import __version__

ROOT = Path(__file__).parents[2]
OF_FLASK = "FLASK_RUN_FROM_CLI"
"""The variable, set by Flask, that makes app.py load commands and tolerate invalid settings."""
UNKNOWN_STATUS = 3
"""The exit status of `flask check` for `unknown`, or if the database does not answer."""
_HELP = """Runs a command of the suppression service. README.md lists them all.

Ends with 0 where all went well, 1 after an error or for a value that is refused, 2 for words or
options that the command does not know. `check` ends with 10 for deny and with 3 for unknown.
"""


def main(name: str, arguments: list[str]) -> None:
    """Run the command that `arguments` name, then exit.

    `name` is how the user called this program; usage lines and hints print it.
    """
    program(args=arguments, prog_name=name, obj=ScriptInfo(app_import_path=str(ROOT / "app.py")))


def _tell_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not ctx.resilient_parsing:
        click.echo(f"suppression {__version__}")
        ctx.exit()


program = FlaskGroup(
    name="flask",
    help=_HELP,
    add_version_option=False,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_tell_version,
            help="Show the version of the service.",
        )
    ],
)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
