"""Of two simultaneous `flask db upgrade`, one migrates, the other waits, and both succeed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import BACKENDS, Database, empty_database
from tests.e2e.gunicorn_server import environment
from tests.launching import PROJECT

LIMIT = 120
AT_ONCE = 4


@pytest.mark.parametrize("backend", BACKENDS)
def test_all_end_well_and_the_database_is_migrated(backend: str, tmp_path: Path) -> None:
    with empty_database(backend, tmp_path) as url:
        settings = environment(Database(backend, url), tmp_path)
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "flask", *words],
                cwd=PROJECT,
                env=settings,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for words in [("db", "upgrade")] * AT_ONCE
        ]
        ended = [(process.communicate(timeout=LIMIT)[0], process.returncode) for process in started]
        assert [said for said, status in ended if status != 0] == []
        listed = subprocess.run(
            [sys.executable, "-m", "flask", "controllers", "list"],
            cwd=PROJECT,
            env=settings,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert listed.returncode == 0, listed.stderr
