"""The worker that `./run` starts does its work, ends with the server, and is restarted."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.e2e.project_copy import ProjectCopy, Started, copied_project
from tests.launching import eventually, free_port
from tests.length import chosen

LIMIT = 60.0
OTHER_DATABASE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
FILE = b"email\nanna.martin@example.fr\nbert.martin@example.fr\n"
pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc to look for it")


@pytest.mark.parametrize("environ", chosen([{}, OTHER_DATABASE], short=OTHER_DATABASE))
def test_an_import_is_applied_without_a_second_terminal(
    project: ProjectCopy, environ: dict[str, str]
) -> None:
    port = free_port()
    with _serving(project, port, **environ) as started:
        key = _key(project)
        address = f"http://127.0.0.1:{port}/v1/imports"
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
        staged = requests.post(address, data=FILE, headers=headers, timeout=LIMIT).json()
        url = f"{address}/{staged['import_id']}"
        assert requests.post(f"{url}/apply", headers=headers, timeout=LIMIT).ok

        def applied() -> bool:
            return bool(requests.get(url, headers=headers, timeout=LIMIT).json()["applied"] == 2)

        assert eventually(applied, LIMIT), project.log.read_text()
        assert len(_workers(started)) == 1


@pytest.mark.parametrize("number", chosen(SIGNALS, short=signal.SIGTERM))
def test_it_ends_with_the_server(project: ProjectCopy, number: signal.Signals) -> None:
    with _serving(project, free_port()) as started:
        (worker,) = _workers(started)
        children = _children(started.process.pid)
        os.kill(started.process.pid, number)
        assert started.process.wait(LIMIT) == 0
        assert worker in children
        assert not any(_is_there(child) for child in children)
    assert "Traceback" not in project.log.read_text()


def test_both_end_where_run_is_killed(project: ProjectCopy) -> None:
    with _serving(project, free_port()) as started:
        children = _children(started.process.pid)
        assert len(children) == 2
        started.process.kill()
        assert eventually(lambda: not any(_is_there(child) for child in children), LIMIT)


def test_a_worker_that_died_is_begun_again_and_it_is_said(project: ProjectCopy) -> None:
    with _serving(project, free_port()) as started:
        (first,) = _workers(started)
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: _workers(started) not in ([], [first]), LIMIT)
        assert "The worker ended (-9); beginning it again." in project.log.read_text()


def test_where_the_server_dies_all_ends_loudly(project: ProjectCopy) -> None:
    with _serving(project, free_port()) as started:
        (worker,) = _workers(started)
        (server,) = set(_children(started.process.pid)) - {worker}
        os.kill(server, signal.SIGKILL)
        assert started.process.wait(LIMIT) == 9
        assert not _is_there(worker)
    assert "The server ended (-9); so does ./run." in project.log.read_text()


@contextmanager
def _serving(project: ProjectCopy, port: int, **environ: str) -> Iterator[Started]:
    with project.serving(port, **environ) as started:
        assert eventually(lambda: len(_workers(started)) == 1, LIMIT), project.log.read_text()
        yield started


def _key(project: ProjectCopy) -> str:
    made = project.run("flask", "keys", "create", "demo", "--name", "me", "--scopes", "import")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def _workers(started: Started) -> list[int]:
    return [child for child in _children(started.process.pid) if "worker" in _words(child)]


def _children(parent: int) -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(path) == parent]


def _parent(path: Path) -> int | None:
    try:
        state = (path / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state[0] == "Z" else int(state[1])


def _is_there(process: int) -> bool:
    return _parent(Path("/proc") / str(process)) is not None


def _words(process: int) -> list[str]:
    try:
        return (Path("/proc") / str(process) / "cmdline").read_text().split("\0")
    except OSError:
        return []


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return copied_project(tmp_path / "my clone")
