"""The start of `./run`: prepare SQLite and keys under var/, then run a command or serve.

Only `./run` creates missing keys by itself, except kinds that its database was made with.
"""

from __future__ import annotations

import logging
import os
import shlex
import socket
import sqlite3
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask
from flask.cli import ScriptInfo

from suppression.adapters.crypto.key_files import add_keys, key_kinds_in
from suppression.adapters.runtime.ports import another_port, explain_refusal
from suppression.cli.local.interrupts import (
    EXIT_STATUS,
    hear_interrupts,
    hold_interrupts,
    uninterrupted,
)
from suppression.cli.local.lone_start import lone_start
from suppression.cli.program import OF_FLASK, UNKNOWN_STATUS
from suppression.cli.program import main as run_program
from suppression.domain.errors import (
    DatabaseUnavailableError,
    KeyMismatchError,
    PendingMigrationError,
    SuppressionError,
)
from suppression.settings import KeyFileError, Settings, SettingsError
from suppression.storage.engine.outages import describe_file_outage
from suppression.usecases.operations.seed_demo import seed_demo
from suppression.usecases.operations.verify_start import verify_start
from suppression.usecases.services import Services

_KEYS = ("MASTER_KEYS", "SIGNING_KEYS", "CASE_KEYS")
ROOT = Path(__file__).parents[3]
VAR = ROOT / "var"
KEYS = VAR / "keys.json"
DATABASE = VAR / "suppression.db"
_HOW_TO_RESTORE = (
    "The stored stops can only be found with the keys they were made with: put your copy of "
    "keys.json back to var/keys.json. To begin with an empty list instead, move var/ away."
)


def main(arguments: list[str]) -> NoReturn:
    """Prepare var/, then run `flask ...` as `arguments` say, or serve if there are none."""
    try:
        hear_interrupts()
        _start(arguments)
    except KeyboardInterrupt:
        hold_interrupts()  # a second Ctrl-C would interrupt the next line
        _say("Interrupted: nothing is running.")
        sys.exit(EXIT_STATUS)


def _start(arguments: list[str]) -> NoReturn:
    _refuse_or_tell_version(arguments)
    environ = os.environ
    _set_up(environ)
    # Two first starts at once would make two sets of keys, of which one would be lost.
    with lone_start(ROOT):
        _prepare_keys(arguments)
        settings = _settings(environ)
        # Before the demo key is made and shown once, so that a taken port does not lose it.
        listener = None if arguments else listen(settings.port)
        environ[OF_FLASK] = "true"
        app = ScriptInfo(app_import_path=environ["FLASK_APP"]).load_app()
        _prepare_database(app, arguments)
        key = None if listener is None else _make_demo(app)
    if listener is None:
        _run_command(arguments[1:])
    del environ[OF_FLASK]
    os.chdir(ROOT)
    descriptors = [listener.detach(), _to_be_read(_greeting(settings.port, key))]
    hold_interrupts()
    program = ["-P", "-m", "suppression.cli.local.supervisor", *map(str, descriptors)]
    os.execv(sys.executable, [sys.executable, *program])  # noqa: S606 - our own program


def _settings(environ: Mapping[str, str]) -> Settings:
    try:
        return Settings.from_environ(environ)
    except SettingsError as error:
        sys.exit(f"Cannot start: {error}")


def _set_up(environ: MutableMapping[str, str]) -> None:
    """Set the database, the keys and other variables of the local service in `environ`.

    Print a notice for each setting of a database or of keys that this overrides.
    """
    names = ("DATABASE_URL", *(name + end for name in _KEYS for end in ("", "_FILE")))
    for name in names:
        if environ.get(name):
            _say(f"./run uses its own database and keys under var/ and ignores {name}.")
    environ["DATABASE_URL"] = f"sqlite:///{DATABASE}"
    for name in _KEYS:
        environ.pop(name, None)
        environ[f"{name}_FILE"] = str(KEYS)
    environ["FLASK_APP"] = str(ROOT / "app.py")
    # ./run serves with one worker; gunicorn would fail at a bad value before it reads ours.
    environ.pop("WEB_CONCURRENCY", None)
    _prepare_public_url(environ)


def _refuse_or_tell_version(arguments: list[str]) -> None:
    """Exit if the first argument is not `flask`, or once `flask --version` has printed the version.

    Return otherwise. This comes before anything is created in var/.
    """
    if arguments and arguments[0] != "flask":
        sys.exit("Say ./run to serve, or ./run flask ... to run a command.")
    if arguments == ["flask", "--version"]:
        _run_command(arguments[1:])


def _prepare_public_url(environ: MutableMapping[str, str]) -> None:
    """Set PUBLIC_URL to this machine if it is not set, and allow links without TLS."""
    environ["ALLOW_HTTP"] = "1"
    if not environ.get("PUBLIC_URL", "").strip():
        environ["PUBLIC_URL"] = f"http://127.0.0.1:{environ.get('PORT', '').strip() or '8000'}"


def _prepare_keys(arguments: list[str]) -> None:
    """Create the missing keys of every kind that the database was not made with.

    Exit if the database was made with keys that are missing, or if var/ cannot be read or written.
    """
    try:
        VAR.mkdir(mode=0o700, exist_ok=True)
        made_with = _kinds_made_with()
        missing = {name.lower() for name in _KEYS} - key_kinds_in(KEYS)
        if missing & made_with:
            sys.exit(f"Cannot start: var/keys.json is gone or lacks keys. {_HOW_TO_RESTORE}")
        if missing:
            add_keys(KEYS, sorted(missing))
    except KeyFileError as error:
        sys.exit(f"Cannot start: var/keys.json cannot be read: {error}. {_HOW_TO_RESTORE}")
    except sqlite3.Error as error:
        _refuse_database(describe_file_outage(error, str(DATABASE)), arguments)
    except OSError as error:
        sys.exit(f"Cannot start: {VAR} cannot be written ({error.strerror}).")
    if missing:
        _say(f"Made {KEYS}: copy this file to a safe place. Without it the list cannot be read.")


def _refuse_database(why: str, arguments: list[str]) -> NoReturn:
    """Exit because the database cannot be used: `flask check` with UNKNOWN_STATUS, else with 1."""
    _say(f"Cannot start: {why}")
    sys.exit(UNKNOWN_STATUS if arguments[:2] == ["flask", "check"] else 1)


def _kinds_made_with() -> set[str]:
    """Return the kinds of key, such as `master_keys`, whose check values the database has.

    Keys of these kinds must never be created. Raises sqlite3.Error for an unreadable database.
    """
    if not DATABASE.exists():
        return set()
    with closing(sqlite3.connect(DATABASE)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return set()
        rows = connection.execute("SELECT DISTINCT kind FROM key_checks").fetchall()
    return {f"{kind}_keys" for (kind,) in rows}


def _prepare_database(app: Flask, arguments: list[str]) -> None:
    """Verify the keys and migrate the database; exit if either fails."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        try:
            _migrated(app)
        except KeyMismatchError as error:
            sys.exit(f"Cannot start: {error} {_HOW_TO_RESTORE}")
        except DatabaseUnavailableError as error:
            _refuse_database(error.for_operator, arguments)
        except SuppressionError as error:
            sys.exit(f"Cannot start: {error.for_operator}")
        except click.ClickException as error:
            sys.exit(f"Cannot start: {error.message}")


def _make_demo(app: Flask) -> str | None:
    """Create the demo controller and an API key; print and return the key.

    Return None if the controller has or had a key already. The key is printed at once, before
    anything else can fail. Exit if the database fails.
    """
    services: Services = app.extensions["suppression"]
    with app.app_context(), uninterrupted():
        try:
            key = seed_demo(services, now=services.clock())
        except SuppressionError as error:
            sys.exit(f"Cannot start: {error.for_operator}")
        if key is not None:
            click.echo(f"API key of the demo controller, shown once: {key}")
            sys.stdout.flush()
    return key


def _migrated(app: Flask) -> None:
    """Verify keys and schema, and migrate if migrations are pending.

    Raises KeyMismatchError for wrong keys, OutdatedCodeError if only newer code may run on the
    schema, DatabaseUnavailableError if the database does not answer, ClickException as
    `upgrade_schema` does.
    """
    services: Services = app.extensions["suppression"]
    try:
        verify_start(services)
    except PendingMigrationError:
        from suppression.cli.migrations import upgrade_schema  # noqa: PLC0415 - few starts need it

        upgrade_schema(app)
        verify_start(services)


def listen(port: int) -> socket.socket:
    """Return a socket that listens on a port of 127.0.0.1; exit if the port cannot be bound.

    Connections are accepted before the server runs, so that the printed command works.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        another = f"PORT={another_port(port)} ./run"
        sys.exit(f"Cannot start: {explain_refusal(port, error)}. Choose another one: {another}")
    listener.set_inheritable(True)
    return listener


def _greeting(port: int, key: str | None) -> str:
    """Return the text to print once the service answers: its address and a check to try.

    Without `key`, the text also says how to make an API key.
    """
    address = f"http://127.0.0.1:{port}"
    lines = [f"Serving on {address}"]
    if key is None:
        scopes = "check,suppress,release,links,audit"
        new = f"{shlex.quote(str(ROOT / 'run'))} flask keys create demo --name me --scopes {scopes}"
        lines.append("The API key was shown at the first start. To make another one:")
        lines.append(f"  KEY=$({new})")
    body = '{"channel": "email", "identifier": "camille.martin@example.com"}'
    lines.append("Try a check:")
    lines.append(
        f'  curl {address}/v1/checks -H "Authorization: Bearer {key or "$KEY"}" '
        f"-H 'Content-Type: application/json' -d '{body}'"
    )
    return "".join(f"{line}\n" for line in lines)


def _to_be_read(text: str) -> int:
    """Return a file descriptor of a pipe from which the next program reads `text`.

    Other users of the machine see arguments and environment, but no pipe.
    """
    reader, writer = os.pipe()
    os.write(writer, text.encode())
    os.close(writer)
    os.set_inheritable(reader, True)  # noqa: FBT003 - it has no name
    return reader


def _run_command(arguments: list[str]) -> NoReturn:
    """Run `flask ...` and exit; hints show the name by which a user runs it from this folder."""
    here = "./run" if Path.cwd() == ROOT else shlex.quote(str(ROOT / "run"))
    run_program(f"{here} flask", arguments)
    sys.exit()  # if click has not exited


def _say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main(sys.argv[1:])
