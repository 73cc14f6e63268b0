"""The tests' PostgreSQL starts, and nothing of it is left however the tests end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests.postgres.installations import Installation, installations
from tests.postgres.running import PROJECT, RunningServer, running_server
from tests.postgres.shared import available

HOLDER = """
import sys, time
from tests.postgres.installations import installations
from tests.postgres.running import running_server

name = sys.argv[1]
with running_server(next(one for one in installations() if one.name == name)) as running:
    print(running.pids.supervisor, running.pids.postgres, running.directory, flush=True)
    time.sleep(600)
"""


@pytest.fixture(params=installations(), ids=lambda installation: installation.name)
def installation(request: pytest.FixtureRequest) -> Installation:
    installation = request.param
    assert isinstance(installation, Installation)
    return installation


@pytest.fixture
def running(installation: Installation) -> Iterator[RunningServer]:
    with running_server(installation) as server:
        yield server


def test_a_machine_that_runs_the_tests_has_postgresql() -> None:
    assert available(), "install requirements-dev.txt, or set TEST_DATABASE_URL"


def test_a_server_answers_with_the_version_that_its_name_says(running: RunningServer) -> None:
    assert running.server.name == f"postgresql-{int(ask(running, 'SHOW server_version_num')[:-4])}"


def test_a_server_listens_on_no_network_and_keeps_commits(running: RunningServer) -> None:
    assert ask(running, "SHOW listen_addresses") == ""
    assert ask(running, "SHOW fsync") == "on"


def test_the_server_never_runs_as_root(running: RunningServer) -> None:
    owner = Path(f"/proc/{running.pids.postgres}").stat().st_uid
    assert owner != 0
    assert owner == running.directory.stat().st_uid


def test_a_database_is_created_from_another_dumped_and_dropped(running: RunningServer) -> None:
    server = running.server
    server.create_database("one")
    ask(running, "CREATE TABLE planted AS SELECT 'evidence'; SELECT 1", "one")
    server.create_database("two", template="one")
    assert "evidence" in server.dump("two")
    server.drop_database("two")
    assert ask(running, "SELECT count(*) FROM pg_database WHERE datname = 'two'") == "0"


def test_a_crashed_server_starts_again_with_what_was_committed(running: RunningServer) -> None:
    running.server.create_database("kept")
    running.stop("immediate")
    with pytest.raises(psycopg2.OperationalError):
        ask(running, "SELECT 1")
    running.start()
    assert ask(running, "SELECT 1", "kept") == "1"


def test_a_closed_server_leaves_nothing(installation: Installation) -> None:
    with running_server(installation) as running:
        pids = running.pids
    assert not running.directory.exists()
    assert not is_alive(pids.supervisor)
    assert not is_alive(pids.postgres)


def test_after_kill_9_of_its_holder_a_server_is_gone_within_ten_seconds(
    installation: Installation,
) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, installation.name],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        supervisor, postgres, directory = holder.stdout.readline().split()
        assert is_alive(int(postgres))
        holder.send_signal(signal.SIGKILL)
        assert within(10, lambda: not is_alive(int(supervisor)))
    assert not is_alive(int(postgres))
    assert not Path(directory).exists()


def test_a_frozen_server_is_gone_within_ten_seconds_too(installation: Installation) -> None:
    with running_server(installation) as running:
        os.kill(running.pids.postgres, signal.SIGSTOP)
        started = time.monotonic()
    assert time.monotonic() - started < 10
    assert not running.directory.exists()


def test_why_a_server_does_not_start_is_said(tmp_path: Path) -> None:
    missing = Installation(name="postgresql-0", programs=tmp_path / "package" / "bin")
    with pytest.raises(RuntimeError, match="postgresql-0"), running_server(missing):
        pytest.fail("there is nothing to run")


def ask(running: RunningServer, query: str, database: str = "postgres") -> str:
    """Run a query and return the first value of its result as text, "" without a row."""
    url = running.server.url_for(database, driver="postgresql")
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        connection.commit()
    return str(row[0]) if row else ""


def is_alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Wait for the condition; return whether it holds within this many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False
