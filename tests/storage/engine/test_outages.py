"""Each cause for which a database cannot be used has its own one-line message, without secrets."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from click import ClickException
from flask_migrate import upgrade

from suppression.domain.errors import DatabaseUnavailableError
from suppression.settings import Settings, SettingsError
from suppression.storage.engine.database import disconnect, reading, writing
from suppression.wiring.whole import create_app
from tests.databases import BACKENDS, SQLITE, settings_for
from tests.launching import free_port
from tests.postgres.cluster import ASKED
from tests.postgres.front import tcp_front
from tests.postgres.servers import Server
from tests.postgres.shared import shared_server

POSTGRESQL = [name for name in BACKENDS if name != SQLITE]
PASSWORD = "correct-horse"
WRONG = "battery-staple"
SECRETS = (PASSWORD, WRONG, ASKED)
FAULTS = {
    "wrong password": ("it refuses the user or the password", "SQLSTATE 28P01"),
    "no password": ("it asks for a password, and DATABASE_URL has none", "OperationalError)"),
    "unknown user": ("it does not know the user", "SQLSTATE 28000"),
    "unknown database": ("it has no database of that name", "SQLSTATE 3D000"),
    "unresolvable host": ("the name of the host cannot be resolved", "OperationalError)"),
    "TLS refused": ("it refuses TLS, which sslmode asks for", "OperationalError)"),
    "closed port": ("nothing listens there: the port is closed", "OperationalError)"),
    "no socket": ("nothing listens there: there is no such socket", "OperationalError)"),
    "wrong option": ("the driver refuses an option of DATABASE_URL", "ProgrammingError)"),
    "wrong sslmode": ("the driver refuses an option of DATABASE_URL", "OperationalError)"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("backend", POSTGRESQL)
def test_each_fault_is_told_by_its_own_line(urls: dict[str, str], fault: str) -> None:
    line = refusal(urls[fault])
    cause, named = FAULTS[fault]
    assert (
        line
        == f"The database at {place(urls[fault])} cannot be used: {cause} {line[line.index('(') :]}"
    )
    assert line.endswith(f"{named}.") or f", {named})." in line
    assert "psycopg2." in line
    assert not [secret for secret in SECRETS if secret in line]
    assert "\n" not in line


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("backend", POSTGRESQL)
def test_commands_and_migrations_end_with_that_line(urls: dict[str, str], fault: str) -> None:
    line = refusal(urls[fault])
    app = create_app(impatient(urls[fault]))
    result = app.test_cli_runner().invoke(args=["controllers", "list"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {line}\n"
    with app.app_context(), pytest.raises(ClickException) as refused:
        upgrade()
    assert refused.value.message.startswith(line)
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("backend", POSTGRESQL[:1])
def test_a_user_without_rights_is_told_so(urls: dict[str, str]) -> None:
    """In PostgreSQL 15 and later only the owner may create tables in `public`."""
    app = create_app(settings_for(urls["no rights"]))
    with app.app_context(), pytest.raises(ClickException) as refused:
        upgrade()
    with app.app_context():
        disconnect()
    assert "the user lacks a right there (psycopg2." in refused.value.message
    assert "SQLSTATE 42501)" in refused.value.message


def test_a_caller_of_the_api_is_not_told_where_the_database_is(logs: object) -> None:
    url = f"postgresql+psycopg2://{ASKED}:{WRONG}@127.0.0.1:1/none"
    app = create_app(impatient(url))
    answer = app.test_client().post("/v1/checks", json={})
    assert answer.status_code == 503
    assert "127.0.0.1" not in answer.text
    written = logs.getvalue()  # type: ignore[attr-defined]
    assert "The database at 127.0.0.1:1 cannot be used: nothing listens there" in written
    assert not [secret for secret in SECRETS if secret in written]


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://user:{WRONG}@{PASSWORD}@127.0.0.1:1/database",
        f"postgresql://user:{WRONG}@127.0.0.1:{PASSWORD}/database",
    ],
)
def test_a_url_that_would_be_read_otherwise_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL must be like") as refused:
        create_app(settings_for(url.replace("postgresql", "postgresql+psycopg2", 1)))
    assert not [secret for secret in SECRETS if secret in str(refused.value)]
    assert refused.value.__cause__ is None


def test_a_file_that_is_no_database_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "list.db"
    path.write_text("not a database, but long enough to be looked at " * 20)
    assert refusal(f"sqlite:///{path}") == (
        f"The database {path} cannot be used: the file is no SQLite database "
        "(sqlite3.DatabaseError, SQLITE_NOTADB)."
    )


def test_a_folder_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    line = refusal(f"sqlite:///{tmp_path}/gone/list.db")
    assert "the file cannot be opened: look at its folder" in line
    assert "(sqlite3.OperationalError, SQLITE_CANTOPEN" in line


def test_a_file_that_may_not_be_written_is_told_so(migrated: Path) -> None:
    """The file is opened read-only, because root may write every file."""
    assert "file or folder may not be written by this user" in refusal(
        f"sqlite:///file:{migrated}?mode=ro&uri=true", "CREATE TABLE more (x)"
    )


def test_a_full_disk_is_told_so(migrated: Path) -> None:
    """SQLite's limit of pages causes the error of a full disk."""
    full = ("PRAGMA max_page_count = 1", "CREATE TABLE filler AS SELECT zeroblob(10000000) AS x")
    assert refusal(f"sqlite:///{migrated}", *full) == (
        f"The database {migrated} cannot be used: the disk is full "
        "(sqlite3.OperationalError, SQLITE_FULL)."
    )


def impatient(url: str) -> Settings:
    """Return settings of a service with a short database timeout."""
    return dataclasses.replace(settings_for(url), db_timeout=timedelta(milliseconds=300))


def refusal(url: str, *statements: str) -> str:
    """Return the reason why a database cannot be read, or why it refuses these statements."""
    app = create_app(impatient(url))
    with app.app_context():
        with pytest.raises(DatabaseUnavailableError) as refused:
            _work(statements)
        disconnect()
    return refused.value.reason


def _work(statements: tuple[str, ...]) -> None:
    with writing() if statements else reading() as transaction:
        for statement in statements or ("SELECT 1",):
            transaction.exec_driver_sql(statement)


def place(url: str) -> str:
    """Return the host and port of a database's URL."""
    match = re.search(r"[?&]host=([^&]+)", url)
    if match:
        return f"{match[1]}:5432"
    host, _, port = url.partition("@")[2].partition("/")[0].partition(":")
    return f"{host}:{port or 5432}"


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    """Return the path of a SQLite database with a table."""
    path = tmp_path / "list.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE something (x)")
    return path


@pytest.fixture
def urls(backend: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield a URL for each fault, by its name; most lead to a running server."""
    server = shared_server(backend)
    _make_role(server)
    with tcp_front(server) as port:
        here = f"127.0.0.1:{port}"
        good = f"{ASKED}:{PASSWORD}"
        suffixes = {
            "wrong password": f"{ASKED}:{WRONG}@{here}/postgres",
            "no password": f"{ASKED}@{here}/postgres",
            "unknown user": f"nobody_at_all:{PASSWORD}@{here}/postgres",
            "unknown database": f"{good}@{here}/no_such_database",
            "unresolvable host": f"{good}@database.invalid/postgres",
            "TLS refused": f"{good}@{here}/postgres?sslmode=require",
            "closed port": f"{good}@127.0.0.1:{free_port()}/postgres",
            "no socket": f"{good}@/postgres?host={tmp_path}",
            "wrong option": f"{good}@{here}/postgres?no_such_option=1",
            "wrong sslmode": f"{good}@{here}/postgres?sslmode=perhaps",
            "no rights": f"{good}@{here}/template1",
        }
        yield {name: f"postgresql+psycopg2://{rest}" for name, rest in suffixes.items()}


def _make_role(server: Server) -> None:
    """Create the role, unless another test process has created it."""
    with closing(psycopg2.connect(server.url)) as connection:
        connection.autocommit = True
        with connection.cursor() as run:
            run.execute(
                f"DO $$ BEGIN CREATE ROLE {ASKED} LOGIN PASSWORD '{PASSWORD}';"
                " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            )
