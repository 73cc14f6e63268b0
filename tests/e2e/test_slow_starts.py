"""A server whose start is disturbed still serves, and its workers share no connection."""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import requests

from tests.api import Api
from tests.databases import BACKENDS, SQLITE, Database
from tests.e2e.gunicorn_server import Gunicorn, environment, gunicorn
from tests.launching import eventually, free_port, launched

LIMIT = 30
EMAIL = "jean.dupont@example.fr"


@pytest.mark.parametrize("backend", BACKENDS[-1:], indirect=True)
def test_workers_share_no_connection_after_a_start_that_the_database_held_up(
    database: Database, api: Api, seen: set[str], tmp_path: Path
) -> None:
    """Each worker once read answers of the other: 500, `keys-differ`, and endless waits."""
    seen.add(EMAIL)
    api.stop("email", EMAIL)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}"
    environ = environment(database, tmp_path) | {"DB_TIMEOUT_MS": "500"}
    with closing(psycopg2.connect(database.url.replace("+psycopg2", ""))) as holder:
        holder.cursor().execute("LOCK TABLE key_checks IN ACCESS EXCLUSIVE MODE")
        with launched(command, tmp_path / "log", environ=environ) as started:
            server = Gunicorn(started.process, started.log, url)
            server.wait_for(lambda: "Answering 503 until it answers." in server.said())
            holder.rollback()
            server.wait_until_serving(f"{url}/readyz")
            with ThreadPoolExecutor(8) as threads:
                statuses = Counter(threads.map(lambda turn: _ask(url, api.key, turn), range(200)))
    assert statuses == {200: 200}


def _ask(url: str, key: str, turn: int) -> int:
    """Send a batch of checks or a search, by `turn`, and return the status.

    The two use different connections of the service.
    """
    headers = {"Authorization": f"Bearer {key}"}
    if turn % 2:
        place, body = "checks/batch", {"channel": "email", "identifiers": [EMAIL] * 20}
    else:
        place, body = "suppressions/search", {"kind": "email", "identifier": EMAIL}
    status = 429
    while status == 429:  # eight come at once, more than there are places for batches
        answer = requests.post(f"{url}/v1/{place}", json=body, headers=headers, timeout=LIMIT)
        status = answer.status_code
    return status


@pytest.mark.parametrize("backend", [SQLITE], indirect=True)
def test_a_server_started_below_the_flask_command_has_its_routes(
    database: Database, api: Api, tmp_path: Path
) -> None:
    """Flask's own variable FLASK_RUN_FROM_CLI would make `app:app` have only commands."""
    with gunicorn(database, tmp_path, FLASK_RUN_FROM_CLI="true") as server:
        assert eventually(lambda: _ask(server.url, api.key, 1) == 200)
