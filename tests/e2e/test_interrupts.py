"""Ctrl-C at any time of `./run` prints one line, no traceback, and leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.project_copy import ProjectCopy, copied_project
from tests.launching import Launched, clean_environ, eventually, free_port, launch
from tests.length import chosen

LIMIT = 60.0
WORDS = ("nterrupted: nothing is running", "Stopped.", "Aborted!")
MADE = "Made "
KEY = "API key of the demo controller, shown once"
SERVING = "Serving on "
pytestmark = [
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc to look for processes in"),
    pytest.mark.timeout(300),
]


@dataclass(frozen=True, slots=True)
class Terminal(Launched):
    """A `./run` as the foreground process group of a terminal."""

    folder: Path

    def wait_to_read(self, words: str) -> None:
        """Wait until the output contains these words."""
        assert eventually(lambda: words in self.said(), LIMIT), self.said()

    def press_ctrl_c(self) -> str:
        """Interrupt `./run`, wait for its end, and return the output since the interrupt."""
        before = len(self.said())
        self.send(signal.SIGINT)
        self.process.wait(LIMIT)
        assert eventually(lambda: not self.left(), 5), self.left()
        return self.said()[before:]

    def left(self) -> list[str]:
        """Return the command lines of running processes that name this folder."""
        return [words for words in _command_lines() if str(self.folder) in words]


@pytest.mark.parametrize("shown_text", chosen([MADE, KEY, SERVING], short=SERVING))
def test_one_line_ends_it_while_it_starts_and_while_it_serves(
    project: ProjectCopy, shown_text: str
) -> None:
    with _terminal(project.folder, PORT=str(free_port())) as terminal:
        terminal.wait_to_read(shown_text)
        assert_one_line(terminal.press_ctrl_c())
    assert "Traceback" not in terminal.said()


@pytest.mark.parametrize("seconds", chosen([0.1, 0.2, 0.4, 0.8, 1.6], short=0.4))
def test_one_line_ends_it_before_python_listens(project: ProjectCopy, seconds: float) -> None:
    """At any time before Python listens, Ctrl-C is kept until a process handles it."""
    with _terminal(project.folder, PORT=str(free_port())) as terminal:
        with suppress(subprocess.TimeoutExpired):
            terminal.process.wait(seconds)
        terminal.press_ctrl_c()
        ends = [
            line
            for line in terminal.said().splitlines()
            if line.endswith(WORDS) or "nterrupted" in line
        ]
        assert len(ends) <= 1
    assert "Traceback" not in terminal.said()
    assert "KeyboardInterrupt" not in terminal.said()


def test_one_line_ends_a_command(project: ProjectCopy) -> None:
    arguments = ("flask", "worker")
    with _terminal(project.folder, *arguments) as terminal:
        terminal.wait_to_read(MADE)
        terminal.press_ctrl_c()
    assert "Traceback" not in terminal.said()


def test_an_interrupted_start_is_followed_by_a_whole_one(project: ProjectCopy) -> None:
    port = free_port()
    with _terminal(project.folder, PORT=str(port)) as terminal:
        terminal.wait_to_read(MADE)
        terminal.press_ctrl_c()
    with _terminal(project.folder, PORT=str(port)) as again:
        again.wait_to_read(SERVING)
        with socket.create_connection(("127.0.0.1", port), timeout=LIMIT):
            pass
        assert_one_line(again.press_ctrl_c())


@pytest.mark.parametrize(
    "programs", [("-m venv", "uv venv"), ("pip install", "uv pip")], ids=["making", "installing"]
)
def test_one_line_ends_it_while_the_environment_is_made_and_the_next_one_makes_it_anew(
    bare: Path, silent_index: str, programs: tuple[str, ...]
) -> None:
    environ = {"PIP_INDEX_URL": silent_index, "UV_DEFAULT_INDEX": silent_index}
    for _ in range(2):
        with _terminal(bare, **environ) as terminal:
            running = terminal.left
            assert eventually(lambda: _any(running(), programs), LIMIT), terminal.said()  # noqa: B023
            assert_one_line(terminal.press_ctrl_c())
        assert terminal.process.returncode == 130
        assert "Traceback" not in terminal.said()
        assert not list((bare / ".venv").glob("installed-*"))


def test_the_greeting_comes_when_the_service_answers(project: ProjectCopy) -> None:
    """The key is printed before the service answers, so that it is not lost if the start fails."""
    port = free_port()
    (project.folder / "gunicorn.conf.py").write_text(SLOW + GUNICORN_CONF)
    with _terminal(
        project.folder, PORT=str(port), HELD_BACK=str(project.folder / "held")
    ) as terminal:
        terminal.wait_to_read(KEY)
        assert eventually(lambda: _any(terminal.left(), ("gunicorn",)), LIMIT)
        with socket.create_connection(("127.0.0.1", port), timeout=LIMIT):
            pass  # the port takes connections already
        assert SERVING not in terminal.said()
        (project.folder / "held").touch()
        terminal.wait_to_read(SERVING)
        assert_one_line(terminal.press_ctrl_c())


SLOW = """
import os, pathlib, time
while not pathlib.Path(os.environ["HELD_BACK"]).exists():
    time.sleep(0.05)
"""
GUNICORN_CONF = (
    (Path(__file__).parents[2] / "gunicorn.conf.py")
    .read_text()
    .replace("from __future__ import annotations", "")
)


def assert_one_line(said: str) -> None:
    """Fail unless the output since the interrupt has one line besides JSON log lines."""
    lines = [line for line in said.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, said
    assert any(words in lines[0] for words in WORDS), said


def _any(lines: list[str], words: tuple[str, ...]) -> bool:
    return any(word in line for line in lines for word in words)


@contextmanager
def _terminal(folder: Path, *arguments: str, **environ: str) -> Iterator[Terminal]:
    said = folder.with_suffix(".said")
    said.unlink(missing_ok=True)
    run = launch(
        [folder / "run", *arguments], said, environ=clean_environ() | environ, folder=folder
    )
    try:
        yield Terminal(run.process, run.log, folder)
    finally:
        run.kill()


def _command_lines() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(path.name) != os.getpid():
                yield (path / "cmdline").read_text(errors="replace").replace("\0", " ")


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return copied_project(tmp_path / "my clone")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a copy of the project without a Python environment."""
    folder = copied_project(tmp_path / "bare").folder
    environment = folder / ".venv"
    (environment / "lib").unlink()  # our own
    for installed in environment.glob("installed-*"):
        installed.unlink()
    return folder


@pytest.fixture
def silent_index() -> Iterator[str]:
    """Yield the URL of a package index that accepts connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/simple"
