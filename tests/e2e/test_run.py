"""`./run` starts the service, and starts it again, in a fresh clone of the project."""

from __future__ import annotations

import json
import re
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from suppression.adapters.crypto.key_files import add_keys
from tests.e2e.caller import Caller
from tests.e2e.project_copy import LIMIT, ProjectCopy, Started, copied_project
from tests.launching import free_port
from tests.leaks import leaks

KEY = re.compile(r"[A-Za-z0-9_-]{20,}\n")
EMAIL = "jean.dupont@example.fr"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_printed_curl_line_works_as_it_stands(project: ProjectCopy) -> None:
    with project.serving(free_port()) as started:
        pasted = subprocess.run(
            ["bash", "-c", started.curl], capture_output=True, timeout=LIMIT, check=True
        )
    assert json.loads(pasted.stdout)["decision"] == "deny"


def test_the_keys_are_for_the_owner_alone(project: ProjectCopy) -> None:
    first = project.run("flask", "controllers", "list")
    assert first.returncode == 0, first.stderr
    assert stat.S_IMODE(project.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(project.key_file.parent.stat().st_mode) == 0o700
    assert "copy this file to a safe place" in first.stderr


def test_a_second_start_keeps_everything_and_prints_no_key(project: ProjectCopy) -> None:
    port = free_port()
    with project.serving(port) as first, _caller(port, first) as caller:
        assert caller.stop("email", EMAIL).status_code == 201
    keys = project.key_file.read_bytes()
    with project.serving(port) as second, _caller(port, first) as caller:
        assert second.key is None
        assert str(first.key) not in second.output
        assert caller.decision("email", EMAIL) == "deny"
    assert project.key_file.read_bytes() == keys


def test_a_new_api_key_stands_alone_on_standard_output(project: ProjectCopy) -> None:
    port = free_port()
    with project.serving(port) as started:
        arguments = ("demo", "--name", "me", "--scopes", "check")
        made = project.run("flask", "keys", "create", *arguments)
        assert made.returncode == 0, made.stderr
        assert KEY.fullmatch(made.stdout)
        assert made.stdout.strip() not in made.stderr
        assert made.stdout.strip() != started.key
        with _caller(port, made.stdout.strip()) as caller:
            assert caller.decision("email", EMAIL) == "allow"


@pytest.mark.parametrize("other", [False, True], ids=["gone", "other keys"])
def test_without_its_keys_a_list_is_not_served(project: ProjectCopy, *, other: bool) -> None:
    assert project.run("flask", "controllers", "list").returncode == 0
    project.key_file.rename(project.key_file.with_suffix(".old"))
    if other:
        add_keys(project.key_file, ["master_keys", "signing_keys", "case_keys"])
    for arguments in ((), ("flask", "controllers", "list")):
        refused = project.run(*arguments, PORT=str(free_port()))
        assert refused.returncode != 0
        assert "put your copy of keys.json back to var/keys.json" in refused.stderr
        assert refused.stdout == ""
    assert project.key_file.exists() is other
    project.key_file.with_suffix(".old").replace(project.key_file)
    assert project.run("flask", "controllers", "list").returncode == 0


def test_a_taken_port_is_said_in_a_line(project: ProjectCopy) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = project.run(PORT=str(port))
    assert refused.returncode != 0
    assert f"Port {port} is taken" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_log_names_neither_people_nor_keys(project: ProjectCopy) -> None:
    port = free_port()
    with project.serving(port) as started, _caller(port, started) as caller:
        assert caller.stop("email", EMAIL).status_code == 201
    log = project.log.read_text()
    master_key = json.loads(project.key_file.read_text())["master_keys"]["1"]
    assert not leaks(log, {EMAIL, str(started.key), master_key})


@contextmanager
def _caller(port: int, key: Started | str) -> Iterator[Caller]:
    text = key if isinstance(key, str) else str(key.key)
    caller = Caller(f"http://127.0.0.1:{port}", text, set())
    yield caller
    caller.close()


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return copied_project(tmp_path / "my clone")
