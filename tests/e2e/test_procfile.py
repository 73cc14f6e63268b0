"""The Procfile's `release` migrates and its `web` serves, or they name what is missing."""

from __future__ import annotations

import re
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from suppression.adapters.crypto.key_files import new_key
from tests.databases import BACKENDS, SQLITE
from tests.e2e.procfile import LIMIT, ended, honcho, production
from tests.keys import CASE_KEYS_TEXT, MASTER_KEYS_TEXT, SIGNING_KEYS_TEXT
from tests.launching import PROJECT, free_port
from tests.leaks import leaks
from tests.length import chosen, pairs
from tests.postgres.servers import Server
from tests.postgres.shared import shared_server

REQUIRED = ["DATABASE_URL", "MASTER_KEYS", "SIGNING_KEYS", "CASE_KEYS", "PUBLIC_URL"]
GROUPS = ["master-key", "signing-key", "case-key"]
POSTGRESQL = [name for name in BACKENDS if name != SQLITE]


@pytest.mark.parametrize("scheme", chosen(["postgres", "postgresql"], short="postgres"))
@pytest.mark.parametrize("backend", POSTGRESQL)
def test_release_migrates_and_web_serves(empty: str, scheme: str, log: Path) -> None:
    settings = _settings(empty.replace("postgresql", scheme, 1))
    assert ended("release", settings, log) == 0, log.read_text()
    with honcho("web", settings, log) as web:
        web.wait_until_serving(f"http://127.0.0.1:{settings['PORT']}/readyz")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{settings['PORT']}/livez", timeout=5)


@pytest.mark.parametrize(("missing", "process_type"), pairs(REQUIRED, ["release", "web", "worker"]))
def test_without_a_setting_none_starts_and_each_names_it(
    missing: str, process_type: str, log: Path
) -> None:
    settings = _settings("postgresql://nobody@127.0.0.1:1/nowhere")
    del settings[missing]
    assert ended(process_type, settings, log) != 0
    assert f"{missing} is not set" in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("backend", POSTGRESQL[:1])
def test_web_does_not_start_before_release(empty: str, log: Path) -> None:
    assert ended("web", _settings(empty), log) != 0
    assert "flask db upgrade" in log.read_text()


@pytest.mark.parametrize("backend", POSTGRESQL[:1])
def test_web_does_not_start_with_other_keys(empty: str, log: Path) -> None:
    assert ended("release", _settings(empty), log) == 0, log.read_text()
    others = {"MASTER_KEYS": f"1:{new_key()}"}
    assert ended("web", _settings(empty) | others, log) != 0
    assert "MASTER_KEYS: key 1 is missing or is not the one" in log.read_text()


@pytest.mark.parametrize(
    ("words", "url"),
    pairs(
        ["links acme people.csv", "worker --once", "controllers list"],
        ["", "http://stop.example.fr"],
    ),
)
def test_no_command_makes_links_to_nowhere(words: str, url: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email\na@example.fr\n")
    settings = _settings("postgresql://nobody@127.0.0.1:1/nowhere") | {"PUBLIC_URL": url}
    words = words.replace("people.csv", str(tmp_path / "people.csv"))
    refused = _command(words, settings)
    assert (refused.returncode, refused.stdout) == (1, "")
    (line,) = refused.stderr.splitlines()
    assert line.startswith("Error: Cannot start: PUBLIC_URL ")
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


@pytest.mark.parametrize("group", chosen(GROUPS, short="case-key"))
def test_making_a_key_needs_no_setting(group: str) -> None:
    made = _command(f"{group} new", {})
    assert made.returncode == 0
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}\n", made.stdout)
    assert made.stdout.strip() not in made.stderr


def _command(words: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["flask", *words.split()],
        cwd=PROJECT,
        env=production(settings),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def _settings(url: str) -> dict[str, str]:
    """Return production settings on a database, with one worker.

    A second worker could be between its fork and its signal handlers when it is told to end;
    gunicorn would then wait for it for its graceful_timeout of 30 seconds.
    """
    settings = {"PORT": str(free_port()), "WEB_CONCURRENCY": "1"}
    settings["PUBLIC_URL"] = "https://stop.example.fr"
    keys = {"MASTER_KEYS": MASTER_KEYS_TEXT, "SIGNING_KEYS": SIGNING_KEYS_TEXT}
    keys["CASE_KEYS"] = CASE_KEYS_TEXT
    return {"DATABASE_URL": url} | keys | settings


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Yield the log of honcho and its processes; at the end, fail if it has the master key."""
    path = tmp_path / "honcho.log"
    yield path
    assert not leaks(path.read_text(), {MASTER_KEYS_TEXT.partition(":")[2]})


@pytest.fixture
def empty(backend: str) -> Iterator[str]:
    """Yield the URL of an empty database, beginning with `postgresql://`; drop it at the end."""
    server: Server = shared_server(backend)
    name = f"empty_{uuid.uuid4().hex}"
    server.create_database(name)
    yield server.url_for(name, driver="postgresql")
    server.drop_database(name)
