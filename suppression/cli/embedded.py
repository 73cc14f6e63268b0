"""The embedded mode behind `./run`: SQLite and keys under var/, nothing else needed.

Only this makes keys by itself, and only into an empty database.
"""

from __future__ import annotations

import logging
import os
import shlex
import socket
import sqlite3
import sys
from collections.abc import MutableMapping
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade

from suppression.adapters.key_files import add_keys, key_kinds_in
from suppression.domain.errors import KeysDifferError, SchemaBehindError, SuppressionError
from suppression.settings import Settings, SettingsError
from suppression.usecases.seed_demo import seed_demo
from suppression.usecases.services import Services
from suppression.usecases.verify_start import verify_start

_KEYS = ("MASTER_KEYS", "SIGNING_KEYS", "CASE_KEYS")
ROOT = Path(__file__).parents[2]
VAR = ROOT / "var"
KEYS = VAR / "keys.json"
DATABASE = VAR / "suppression.db"


def main(arguments: list[str]) -> NoReturn:
    """Prepare var/, then become `flask ...`, or gunicorn and a worker side by side."""
    _refuse_or_tell_version(arguments)
    environ = os.environ
    for name in ("DATABASE_URL", *(name + end for name in _KEYS for end in ("", "_FILE"))):
        if environ.get(name):
            _say(f"./run uses its own database and keys under var/ and ignores {name}.")
    environ["DATABASE_URL"] = f"sqlite:///{DATABASE}"
    for name in _KEYS:
        environ.pop(name, None)
        environ[f"{name}_FILE"] = str(KEYS)
    environ["FLASK_APP"] = str(ROOT / "app.py")
    _prepare_public_url(environ)
    _prepare_keys()
    try:
        settings = Settings.from_environ(environ)
    except SettingsError as error:
        sys.exit(f"Cannot start: {error}")
    # Before the demo key is made and shown once, so that a taken port does not lose it.
    listener = None if arguments else _listen(settings.port)
    app = ScriptInfo(app_import_path=environ["FLASK_APP"]).load_app()
    key = _prepare_database(app, demo=not arguments)
    if listener is None:
        _become_command(arguments[1:])
    _greet(settings.port, key)
    os.chdir(ROOT)
    descriptor = str(listener.detach())
    _become(Path(sys.executable), ["-P", "-m", "suppression.cli.side_by_side", descriptor])


def _refuse_or_tell_version(arguments: list[str]) -> None:
    """Look at the words of the command before anything is made in var/."""
    if arguments and arguments[0] != "flask":
        sys.exit("Say ./run to serve, or ./run flask ... to run a command.")
    if arguments == ["flask", "--version"]:
        _become_command(arguments[1:])


def _prepare_public_url(environ: MutableMapping[str, str]) -> None:
    """Links lead to this machine unless PUBLIC_URL says where, and need no TLS."""
    environ["ALLOW_HTTP"] = "1"
    if not environ.get("PUBLIC_URL", "").strip():
        environ["PUBLIC_URL"] = f"http://127.0.0.1:{environ.get('PORT', '').strip() or '8000'}"


def _prepare_keys() -> None:
    """Keys for an empty database; a database that has rows needs those it was made with."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    made_with = _kinds_made_with()
    missing = {name.lower() for name in _KEYS} - key_kinds_in(KEYS)
    if missing & made_with:
        sys.exit(f"Cannot start: var/keys.json is gone or lacks keys.\n{_how_to_restore()}")
    if not missing:
        return
    add_keys(KEYS, sorted(missing))
    _say(f"Made {KEYS}: copy this file to a safe place. Without it the list cannot be read.")


def _kinds_made_with() -> set[str]:
    """The kinds of key whose check values stand in the database: those must not be made anew."""
    if not DATABASE.exists():
        return set()
    with closing(sqlite3.connect(DATABASE)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return set()
        rows = connection.execute("SELECT DISTINCT kind FROM key_checks").fetchall()
    return {f"{kind}_keys" for (kind,) in rows}


def _how_to_restore() -> str:
    return (
        "The stored stops can only be found with the keys they were made with: put your copy of "
        "keys.json back to var/keys.json. To begin with an empty list instead, move var/ away."
    )


def _prepare_database(app: Flask, *, demo: bool) -> str | None:
    """Migrate and look at the keys; the demo controller's API key if it was just made."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    services: Services = app.extensions["suppression"]
    with app.app_context():
        try:
            _migrated(services)
        except KeysDifferError as error:
            sys.exit(f"Cannot start: {error}\n{_how_to_restore()}")
        except (SuppressionError, click.ClickException) as error:
            sys.exit(f"Cannot start: {error}")
        return seed_demo(services, now=services.clock()) if demo else None


def _migrated(services: Services) -> None:
    """Look at the keys, and migrate where that is needed."""
    try:
        verify_start(services)
    except SchemaBehindError:
        upgrade()
        verify_start(services)


def _listen(port: int) -> socket.socket:
    """A socket that already takes connections, so that the printed line works when pasted."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        sys.exit(f"Port {port} is taken. Choose another one: PORT={port + 1} ./run")
    listener.listen(128)
    listener.set_inheritable(True)
    return listener


def _greet(port: int, key: str | None) -> None:
    address = f"http://127.0.0.1:{port}"
    click.echo(f"Serving on {address}")
    if key is None:
        click.echo("The API key was shown at the first start. To make another one:")
        scopes = "check,suppress,release,links,audit"
        new = f"{ROOT}/run flask keys create demo --name me --scopes {scopes}"
        click.echo(f"  KEY=$({new})")
    else:
        click.echo(f"API key of the demo controller, shown once: {key}")
    body = '{"channel": "email", "identifier": "camille.martin@example.com"}'
    click.echo("Try a check:")
    click.echo(
        f'  curl {address}/v1/checks -H "Authorization: Bearer {key or "$KEY"}" '
        f"-H 'Content-Type: application/json' -d '{body}'"
    )
    sys.stdout.flush()


def _become_command(arguments: list[str]) -> NoReturn:
    """Become `flask ...`, under the name that a person pastes to come back here."""
    here = "./run" if Path.cwd() == ROOT else shlex.quote(str(ROOT / "run"))
    program = ["-P", "-m", "suppression.cli.program", f"{here} flask"]
    _become(Path(sys.executable), [*program, *arguments])


def _become(program: Path, arguments: list[str]) -> NoReturn:
    os.execv(program, [str(program), *arguments])  # noqa: S606 - our own environment's program


def _say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main(sys.argv[1:])
