"""The commands work with real pipes and a real terminal, as a person types them."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from suppression import __version__
from suppression.wiring.whole import create_app
from tests.api import make_controller
from tests.databases import SQLITE, Database
from tests.e2e.gunicorn_server import environment
from tests.e2e.procfile import LIMIT, production
from tests.e2e.project_copy import copied_project
from tests.launching import PROJECT

FLASK = PROJECT / "bin" / "flask"
ROWS = 12_000
only_sqlite = pytest.mark.parametrize("backend", [SQLITE], indirect=True)


@pytest.fixture
def served(database: Database, tmp_path: Path, seen: set[str]) -> dict[str, str]:
    """Create the controller okwind; return the environment of a service on its database."""
    del seen
    make_controller(create_app(database.settings()), "okwind")
    return environment(database, tmp_path)


def test_the_version_is_ours_and_needs_no_setting(tmp_path: Path) -> None:
    told = subprocess.run(
        [FLASK, "--version"],
        cwd=tmp_path,
        env=production({}),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
    )
    assert told.stdout == f"suppression {__version__}\n"


def test_run_tells_the_version_before_it_makes_anything(tmp_path: Path) -> None:
    project = copied_project(tmp_path / "my clone")
    told = project.run("flask", "--version")
    assert (told.returncode, told.stdout) == (0, f"suppression {__version__}\n"), told.stderr
    assert not project.key_file.exists()


def test_the_routes_are_listed_by_run_too(tmp_path: Path) -> None:
    listed = copied_project(tmp_path / "my clone").run("flask", "routes")
    assert "POST     /v1/checks" in listed.stdout, listed.stderr


def test_run_keeps_its_own_address_and_its_hints_can_be_pasted(tmp_path: Path) -> None:
    project = copied_project(tmp_path / "my clone")
    made = project.run("flask", "seed", "--demo")
    assert made.returncode == 0, made.stderr
    people = tmp_path / "people.csv"
    people.write_text("email\nanna.martin@example.fr\n")
    linked = project.run("flask", "links", "demo", str(people), "--output", "-", PORT="8123")
    assert "http://127.0.0.1:8123/u/" in linked.stdout
    staged = project.run("flask", "import", "demo", str(people), "--channels", "email")
    (hint,) = [line for line in staged.stderr.splitlines() if " imports apply " in line]
    pasted = subprocess.run(
        ["bash", "-c", hint], cwd="/", capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert pasted.returncode == 0, pasted.stderr
    assert "state\tapplied" in pasted.stdout


@only_sqlite
def test_commands_stand_in_a_pipe(served: dict[str, str]) -> None:
    """A real pipe cannot seek, and passes only bytes to the commands."""
    flask = shlex.quote(str(FLASK))
    script = (
        "set -o pipefail; printf 'email\\na@example.fr\\nb@example.fr\\n'"
        f" | {flask} scrub okwind - --channel email --only-allowed"
        f" | {flask} links okwind - --output -"
        " | cut -d, -f1"
        f" && printf 'email,consent_date\\na@example.fr,2026-01-02\\n'"
        f" | {flask} consents import okwind - --channels email --wording 'I agree'"
        " --given-by web_form --evidence form-7 --collected-by web --json"
        f" && {flask} check okwind email a@example.fr 2>/dev/null && echo sent"
        f" ; {flask} suppress okwind email a@example.fr 2>/dev/null >&2"
        f" ; {flask} check okwind email a@example.fr 2>/dev/null && echo sent || echo not sent $?"
    )
    ended = subprocess.run(
        ["bash", "-c", script],
        env=production(served),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
    )
    head, _, tail = ended.stdout.partition("{")
    assert head == "email\na@example.fr\nb@example.fr\n", ended.stderr
    assert '"stored": 1' in tail
    assert tail.endswith("}\nallow\nsent\ndeny\nnot sent 10\n")


@only_sqlite
def test_the_bar_of_an_import_tells_rows_a_second_from_its_first_line(
    served: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "stops.csv"
    file.write_text("email\n" + "".join(f"p{number}@example.fr\n" for number in range(ROWS)))
    drawn = on_a_terminal([str(FLASK), "import", "okwind", str(file), "--apply"], served)
    staging, applying = (
        [line for line in re.split(r"[\r\n]+", drawn) if label in line]
        for label in ("Staging", "Applying")
    )
    assert "0 rows/s" in staging[0]
    assert all(re.search(r"[\d,]+ rows, [\d,]+ rows/s", line) for line in staging), drawn
    first, *_, last = [number for line in staging for number in re.findall(r"([\d,]+) rows,", line)]
    assert (first, last) == ("0", "12,000")
    rates = [float(rate.replace(",", "")) for rate in re.findall(r"([\d,]+) rows/s", drawn)]
    assert all(rate > 0 for rate in rates[1:])
    assert all("stops/s" in line for line in applying)
    assert "12,000 stops" in applying[-1]


def on_a_terminal(command: list[str], environ: dict[str, str]) -> str:
    """Run a command whose standard error is a terminal of 100 columns; return what it draws."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command,
        env=production(environ) | {"COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    drawn = b""
    try:
        while block := _block(ours):
            drawn += block
        assert process.wait(LIMIT) == 0, drawn
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return drawn.decode()


def _block(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # on Linux this means that no process has the terminal open any more
        return b""
