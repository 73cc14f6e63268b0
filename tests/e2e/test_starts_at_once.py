"""Two simultaneous first `./run` in one checkout make one set of keys and one database."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.project_copy import ProjectCopy, copied_project
from tests.launching import free_port

AT_ONCE = 4


def test_first_commands_at_once_all_work_with_one_set_of_keys(project: ProjectCopy) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tasks = [pool.submit(project.run, "flask", "controllers", "list") for _ in range(AT_ONCE)]
        ended = [task.result() for task in tasks]
    assert [run.stderr for run in ended if run.returncode != 0] == []
    assert ["Made " in run.stderr for run in ended].count(True) == 1
    kinds = json.loads(project.key_file.read_text())
    assert kinds.keys() == {"master_keys", "signing_keys", "case_keys"}
    assert project.run("flask", "controllers", "list").returncode == 0


def test_a_start_makes_nothing_while_another_one_is_at_it(project: ProjectCopy) -> None:
    """Each once found no keys and made some; the later file replaced the keys already in use."""
    folder = os.open(project.folder, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(project.run, "flask", "controllers", "list")
        with suppress(TimeoutError):
            waiting.result(timeout=5)
        made_meanwhile = project.key_file.exists()
        os.close(folder)
        ended: subprocess.CompletedProcess[str] = waiting.result()
    assert not made_meanwhile
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.startswith("Another ./run is starting here; waiting for it.\n")
    assert project.key_file.exists()


def test_a_command_beside_the_first_server_works(project: ProjectCopy) -> None:
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(project.run, "flask", "controllers", "list")
        with project.serving(free_port()) as server:
            assert server.key is not None
            ended: subprocess.CompletedProcess[str] = beside.result()
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr


def test_of_two_first_servers_on_one_port_the_second_says_that_it_is_taken(
    project: ProjectCopy,
) -> None:
    port = free_port()
    with project.serving(port) as first:
        second = project.run(PORT=str(port))
        assert first.key is not None
    assert second.returncode == 1
    assert second.stderr.splitlines()[-1].startswith(f"Cannot start: Port {port} is taken")


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return copied_project(tmp_path / "a clone")
