"""A new version takes over without losing a request; a broken one changes nothing."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from suppression import __version__
from tests.api import Api
from tests.databases import BACKENDS, SQLITE, Database
from tests.docs.pages import all_blocks
from tests.e2e.gunicorn_server import environment
from tests.e2e.project_copy import ProjectCopy, copied_project
from tests.launching import Launched, eventually, free_port, launched
from tests.length import chosen

pytestmark = pytest.mark.parametrize("backend", chosen(BACKENDS, short=SQLITE), indirect=True)
NEW = "9.9.9"
CHECK = {"channel": "email", "identifier": "jean.dupont@example.fr"}
PID_FILE = "web.pid"
_START, _TAKE_OVER = (block for block in all_blocks() if block.page == "docs/upgrading.md")
_LIMIT = 30.0
# Runs a program as systemd does: the socket is file 3, and LISTEN_PID is the program's process id.
_AS_SYSTEMD = 'exec 3<&"$1"; shift; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'


class Callers:
    """A caller who checks without a pause; `failures` collects every answer but 200."""

    def __init__(self, url: str, api: Api) -> None:
        self._url, self._bearer = url, {"Authorization": f"Bearer {api.key}"}
        self._over = threading.Event()
        self.failures: list[str] = []
        self.answered = 0

    @contextmanager
    def calling(self) -> Iterator[Callers]:
        """Check without a pause, in a thread, during the block; yield this object."""
        thread = threading.Thread(target=self._call)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join(_LIMIT)

    def _call(self) -> None:
        while not self._over.is_set():
            try:
                answer = requests.post(
                    f"{self._url}/v1/checks", json=CHECK, headers=self._bearer, timeout=_LIMIT
                )
            except requests.RequestException as error:
                self.failures.append(repr(error))
            else:
                self.answered += 1
                if not answer.ok:
                    self.failures.append(answer.text)


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return copied_project(tmp_path / "project")


@pytest.fixture
def settings(database: Database, tmp_path: Path, project: ProjectCopy) -> dict[str, str]:
    place = {"PORT": str(free_port()), "PYTHONPATH": ""}
    path = {"PATH": f"{project.folder}/.venv/bin:{os.environ['PATH']}"}
    return environment(database, tmp_path) | place | path


@pytest.fixture
def server(project: ProjectCopy, settings: Mapping[str, str], tmp_path: Path) -> Iterator[Launched]:
    command = ["bash", "-c", f"exec env {_START.text}"]
    folder = project.folder
    with launched(command, tmp_path / "log", environ=settings, folder=folder) as started:
        started.wait_until_serving(f"{_url(settings)}/readyz")
        yield started


def test_a_new_version_takes_over_without_a_request_lost(
    server: Launched, project: ProjectCopy, settings: Mapping[str, str], api: Api
) -> None:
    old = int((project.folder / PID_FILE).read_text())
    with Callers(_url(settings), api).calling() as caller:
        _release(project, NEW)
        _take_over(project, settings)
        new = _other_than(project.folder / PID_FILE, old)
        assert [_version(_url(settings)) for _ in range(8)] == [NEW] * 8
    assert caller.failures == []
    assert caller.answered > 0
    assert server.process.wait(_LIMIT) == 0
    os.kill(new, signal.SIGTERM)
    _wait_until_gone(new)


def test_a_new_version_that_is_broken_changes_nothing(
    server: Launched, project: ProjectCopy, settings: Mapping[str, str], api: Api
) -> None:
    old = int((project.folder / PID_FILE).read_text())
    app = project.folder / "app.py"
    with Callers(_url(settings), api).calling() as caller:
        works = app.read_text()
        app.write_text("raise RuntimeError('half a release')")
        os.kill(old, signal.SIGUSR2)
        server.wait_for(lambda: "half a release" in server.said())
        _wait_until_gone(int((project.folder / f"{PID_FILE}.2").read_text()))
        assert _version(_url(settings)) == __version__
        assert int((project.folder / PID_FILE).read_text()) == old
        templates = project.folder / "suppression" / "web" / "templates"
        shutil.move(templates, project.folder / "elsewhere")
        assert requests.get(f"{_url(settings)}/stop/okwind", timeout=_LIMIT).status_code == 200
        shutil.move(project.folder / "elsewhere", templates)
        app.write_text(works)
        _release(project, NEW)
        _take_over(project, settings)
        new = _other_than(project.folder / PID_FILE, old)
        assert _version(_url(settings)) == NEW
    assert caller.failures == []
    os.kill(new, signal.SIGTERM)
    _wait_until_gone(new)


def test_a_reload_is_refused_and_an_upload_goes_on(
    server: Launched, project: ProjectCopy, settings: Mapping[str, str], api: Api
) -> None:
    """A reload once read the new gunicorn.conf.py and went on with the old modules."""
    url = _url(settings)
    refused = threading.Event()

    def rows() -> Iterator[bytes]:
        yield b"email\n" + b"anne.roux@example.fr\n" * 1000
        server.send(signal.SIGHUP)  # to the workers too, as by a terminal that closes
        server.wait_for(lambda: "HUP is ignored" in server.said())
        refused.set()
        yield b"jean.dupont@example.fr\n"

    _release(project, NEW)
    (project.folder / "gunicorn.conf.py").write_text("raise SystemExit('of the new version')")
    with Callers(url, api).calling() as caller:
        bearer = {"Authorization": f"Bearer {api.key}"}
        uploaded = requests.post(
            f"{url}/v1/scrubs?channel=email", data=rows(), headers=bearer, timeout=_LIMIT
        )
    assert refused.is_set()
    assert (uploaded.status_code, uploaded.json()["rows"]) == (201, 1001)
    assert caller.failures == []
    assert _version(url) == __version__
    assert server.said().count("Booting worker") == 2
    assert server.said().count("docs/upgrading.md") == 1


def test_a_restart_under_a_socket_that_stays_refuses_no_connection(
    project: ProjectCopy, settings: Mapping[str, str], tmp_path: Path, api: Api
) -> None:
    """Connections wait in the socket, which systemd owns, until the new server accepts them."""
    with socket.create_server(("127.0.0.1", int(settings["PORT"]))) as held:
        first = _started_by_systemd(held, project, settings, tmp_path)
        url = _url(settings)
        first.wait_until_serving(f"{url}/readyz")
        with Callers(url, api).calling() as caller:
            assert first.end() == 0
            _release(project, NEW)
            second = _started_by_systemd(held, project, settings, tmp_path)
            try:
                second.wait_until_serving(f"{url}/readyz")
                assert _version(url) == NEW
            finally:
                ended = second
        assert ended.end() == 0
    assert caller.failures == []
    assert caller.answered > 0


def _started_by_systemd(
    held: socket.socket, project: ProjectCopy, settings: Mapping[str, str], folder: Path
) -> Launched:
    command = ["bash", "-c", _AS_SYSTEMD, "systemd", str(held.fileno()), "flask", "serve"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=project.folder,
            env=dict(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[held.fileno()],
        )
    return Launched(process, folder / "log")


def _take_over(project: ProjectCopy, settings: Mapping[str, str]) -> None:
    """Run the commands of docs/upgrading.md that replace the running old version."""
    subprocess.run(
        ["bash", "-euc", _TAKE_OVER.text.replace("0.10.0", NEW)],
        cwd=project.folder,
        env=dict(settings) | {"SERVICE": _url(settings)},
        check=True,
        timeout=2 * _LIMIT,
    )


def _release(project: ProjectCopy, version: str) -> None:
    """Replace the version in the project's folder, as a release does."""
    module = project.folder / "suppression" / "__init__.py"
    module.write_text(module.read_text().replace(__version__, version))


def _url(settings: Mapping[str, str]) -> str:
    return f"http://127.0.0.1:{settings['PORT']}"


def _version(url: str) -> str:
    return str(requests.get(f"{url}/readyz", timeout=_LIMIT).json()["version"])


def _other_than(pid_file: Path, old: int) -> int:
    """Wait until a file names another process than `old`, and return that process's id."""
    assert eventually(lambda: _pid_in(pid_file) not in {0, old}, _LIMIT)
    return _pid_in(pid_file)


def _pid_in(pid_file: Path) -> int:
    """Return the process id in a file, 0 if there is none."""
    text = pid_file.read_text().strip() if pid_file.exists() else ""
    return int(text or 0)


def _wait_until_gone(pid: int) -> None:
    assert eventually(lambda: not Path(f"/proc/{pid}").exists(), _LIMIT)
