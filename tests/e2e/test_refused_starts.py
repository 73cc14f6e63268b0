"""A failed start prints its reason in one line, without a secret and without a traceback."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from suppression.adapters.crypto.key_files import add_keys
from tests.databases import BACKENDS, SQLITE
from tests.e2e.procfile import LIMIT, ended, honcho, production
from tests.e2e.project_copy import ProjectCopy, copied_project
from tests.keys import CASE_KEYS_TEXT, MASTER_KEYS_TEXT, SIGNING_KEYS_TEXT
from tests.launching import PROJECT, free_port
from tests.length import chosen, pairs
from tests.postgres.front import tcp_front
from tests.postgres.shared import shared_server

POSTGRESQL = [name for name in BACKENDS if name != SQLITE]
PASSWORD = "battery-staple"
CONTENTS = {
    "garbage": ("garbage", "var/keys.json cannot be read: it is not JSON. "),
    "no object": ("[1, 2]", "var/keys.json cannot be read: it holds no JSON object. "),
    "no list": ('{"master_keys": 3}', 'MASTER_KEYS_FILE: it has no list "master_keys". '),
    "short key": ('{"master_keys": {"1": "abc"}}', "MASTER_KEYS: each key is 32 bytes"),
}


@pytest.mark.parametrize("what", chosen(list(CONTENTS), short="no list"))
def test_run_says_what_is_wrong_with_its_keys_and_leaves_them_alone(
    project: ProjectCopy, what: str
) -> None:
    content, told = CONTENTS[what]
    project.key_file.parent.mkdir()
    project.key_file.write_text(content)
    line = refused(project)
    assert line.startswith(f"Cannot start: {told}")
    held = project.key_file.read_text()
    assert content == held or json.loads(content).items() <= json.loads(held).items()


def test_run_says_that_its_key_file_is_a_folder(project: ProjectCopy) -> None:
    project.key_file.mkdir(parents=True)
    line = refused(project)
    assert line.startswith("Cannot start: var/keys.json cannot be read: it is a folder. ")


def test_run_says_that_keys_of_its_database_are_missing(project: ProjectCopy) -> None:
    assert project.run("flask", "controllers", "list").returncode == 0
    project.key_file.unlink()
    add_keys(project.key_file, ["master_keys"])
    assert refused(project).startswith("Cannot start: var/keys.json is gone or lacks keys. ")


def test_run_says_that_its_database_is_none(project: ProjectCopy) -> None:
    add_keys_in(project)
    (project.key_file.parent / "suppression.db").write_text("no database at all " * 100)
    assert "the file is no SQLite database (sqlite3.DatabaseError, SQLITE_NOTADB)." in refused(
        project
    )
    command = project.run("flask", "check", "okwind", "email", "jean.dupont@example.fr")
    assert command.returncode == 3, "neither an answer nor a mistake of the caller's"


def test_run_says_that_its_folder_is_none(project: ProjectCopy) -> None:
    project.key_file.parent.write_text("a file")
    line = refused(project)
    assert line.startswith("Cannot start: ")
    assert "var cannot be written (File exists)." in line


def test_run_serves_whatever_the_environment_says_of_workers(project: ProjectCopy) -> None:
    with project.serving(free_port(), WEB_CONCURRENCY="abc") as started:
        assert "Serving on" in started.output


@pytest.mark.parametrize(("process_type", "value"), pairs(["release", "web"], ["abc", "0"]))
def test_a_number_of_workers_that_is_none_is_said_in_one_line(
    process_type: str, value: str, log: Path
) -> None:
    settings = settings_for_url("postgresql://nobody@127.0.0.1:1/none") | {"WEB_CONCURRENCY": value}
    assert ended(process_type, settings, log) != 0
    assert "Cannot start: WEB_CONCURRENCY must be a whole number from 1 to 1000." in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("backend", POSTGRESQL[:1])
@pytest.mark.parametrize(
    "command", [("flask", "db", "upgrade"), ("flask", "keys", "list", "x")], ids=" ".join
)
def test_a_command_says_why_the_database_cannot_be_used(unknown: str, command: list[str]) -> None:
    ran = subprocess.run(
        command,
        cwd=PROJECT,
        env=production(settings_for_url(unknown)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    (line,) = ran.stderr.splitlines()
    assert "it has no database of that name (psycopg2.OperationalError, SQLSTATE 3D000)." in line
    assert PASSWORD not in line


@pytest.mark.parametrize("backend", POSTGRESQL[:1])
@pytest.mark.parametrize("process_type", ["web", "worker"])
def test_who_waits_for_the_database_says_why(unknown: str, process_type: str, log: Path) -> None:
    told = "it has no database of that name (psycopg2.OperationalError, SQLSTATE 3D000). "
    with honcho(process_type, settings_for_url(unknown), log) as started:
        started.wait_for(lambda: told in started.said(), LIMIT)
    assert PASSWORD not in log.read_text()
    assert "Traceback" not in log.read_text()


def refused(project: ProjectCopy) -> str:
    """Return the only line that `./run` and a command print as they fail; both must be equal."""
    lines = []
    for arguments in ((), ("flask", "controllers", "list")):
        ran = project.run(*arguments, PORT=str(free_port()))
        assert ran.returncode == 1
        assert ran.stdout == ""
        said = [line for line in ran.stderr.splitlines() if not line.startswith("Made ")]
        lines += said
        assert len(said) == 1, ran.stderr
    assert lines[0] == lines[1]
    return lines[0]


def add_keys_in(project: ProjectCopy) -> None:
    """Make the project's file of keys, with every kind of key."""
    project.key_file.parent.mkdir()
    add_keys(project.key_file, ["master_keys", "signing_keys", "case_keys"])


def settings_for_url(url: str) -> dict[str, str]:
    """Return production settings on a database."""
    keys = {"MASTER_KEYS": MASTER_KEYS_TEXT, "SIGNING_KEYS": SIGNING_KEYS_TEXT}
    keys |= {"CASE_KEYS": CASE_KEYS_TEXT, "PUBLIC_URL": "https://stop.example.fr"}
    return {"DATABASE_URL": url, "PORT": str(free_port()), "WEB_CONCURRENCY": "1"} | keys


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return copied_project(tmp_path / "my clone")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "honcho.log"


@pytest.fixture
def unknown(backend: str) -> Iterator[str]:
    """Yield the URL of a database that does not exist on a real server."""
    with tcp_front(shared_server(backend)) as port:
        yield f"postgresql://postgres:{PASSWORD}@127.0.0.1:{port}/no_such_database"
