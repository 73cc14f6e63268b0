"""A command starts without the web layer and Alembic, a server without the commands.

With them, each would start a third slower.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import SQLITE, Database
from tests.e2e.gunicorn_server import environment
from tests.launching import PROJECT

LIST = "from suppression.cli.program import main; main('flask', ['controllers', 'list'])"
SERVE = "import app"


@pytest.mark.parametrize("backend", [SQLITE], indirect=True)
@pytest.mark.parametrize(
    ("program", "needed", "spared"),
    [
        (
            LIST,
            "suppression.usecases.controllers.create",
            ("suppression.web", "alembic", "marshmallow"),
        ),
        (LIST, "suppression.wiring.commands", ("suppression.cli.worker", "suppression.cli.scrub")),
        (SERVE, "suppression.web.registration", ("suppression.cli", "alembic")),
    ],
)
def test_each_imports_what_it_needs_alone(
    database: Database, tmp_path: Path, program: str, needed: str, spared: tuple[str, ...]
) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", program],
        cwd=PROJECT,
        env=environment(database, tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert needed in imported
    assert [name for name in imported if name.startswith(spared)] == []
