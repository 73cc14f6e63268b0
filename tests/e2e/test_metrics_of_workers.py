"""/metrics adds up the counts of two workers, and no files of counts are left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import requests

from tests.api import Api
from tests.databases import BACKENDS, SQLITE, Database
from tests.e2e.gunicorn_server import Gunicorn, environment, gunicorn
from tests.launching import PROJECT, eventually, free_port, launched
from tests.length import chosen

pytestmark = pytest.mark.parametrize("backend", chosen(BACKENDS, short=SQLITE), indirect=True)
TOKEN = "only-for-prometheus"
CHECK = {"channel": "email", "identifier": "jean.dupont@example.fr"}
ALLOWED = 'suppression_checks_total{channel="email",decision="allow"}'


def scraped(server: Gunicorn) -> dict[str, float]:
    """Return the value of every series of /metrics."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.get(f"{server.url}/metrics", headers=bearer, timeout=10)
    assert answer.ok, answer.text
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def check_often(server: Gunicorn, api: Api, times: int) -> None:
    """Send checks, each on a new connection, so that both workers get some."""
    for _ in range(times):
        bearer = {"Authorization": f"Bearer {api.key}"}
        assert requests.post(f"{server.url}/v1/checks", json=CHECK, headers=bearer, timeout=10).ok


def counting(folder: Path) -> Counter[str]:
    """Return the number of files in which each process counts, by its id."""
    return Counter(file.stem.rpartition("_")[2] for file in folder.rglob("counter_*.db"))


def both_count(server: Gunicorn, api: Api, folder: Path) -> bool:
    """Send a few checks; return whether both workers have files of counts now."""
    check_often(server, api, 5)
    return len(set(counting(folder)) & set(map(str, server.workers()))) == 2


@pytest.mark.parametrize("own_folder", [False, True])
def test_two_workers_are_summed(
    database: Database, api: Api, tmp_path: Path, *, own_folder: bool
) -> None:
    folder = tmp_path / "mine"
    environ = {"METRICS_TOKEN": TOKEN}
    if own_folder:
        folder.mkdir()
        (folder / "counter_1.db").write_bytes(b"left by another gunicorn")
        environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    with gunicorn(database, tmp_path, **environ) as server:
        assert eventually(lambda: both_count(server, api, tmp_path))
        known = scraped(server)[ALLOWED]
        check_often(server, api, 20)
        assert {scraped(server)[ALLOWED] for _ in range(6)} == {known + 20}, "of any worker"
        assert server.end() == 0
    assert [*tmp_path.glob("suppression-metrics-*")] == []
    assert folder.is_dir() == own_folder


def test_a_worker_that_is_killed_takes_no_count_with_it(
    database: Database, api: Api, tmp_path: Path
) -> None:
    with gunicorn(database, tmp_path, METRICS_TOKEN=TOKEN) as server:
        check_often(server, api, 10)
        before = server.workers()
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        server.wait_for(lambda: len(server.workers()) == 2 * len(before))
        assert scraped(server)[ALLOWED] == 10
        assert scraped(server)["suppression_database_up"] == 1


def test_the_worker_turns_the_metric_green_and_ends_when_told(
    database: Database, tmp_path: Path
) -> None:
    with gunicorn(database, tmp_path, METRICS_TOKEN=TOKEN) as server:
        assert scraped(server)["suppression_synthetic_opt_out_ok"] == 0
        command = [sys.executable, "-m", "flask", "worker"]
        settings = {**environment(database, tmp_path), "PUBLIC_URL": server.url}
        with launched(command, tmp_path / "worker.log", environ=settings) as worker:
            worker.wait_for(lambda: scraped(server)["suppression_synthetic_opt_out_ok"] == 1)
            assert scraped(server)["suppression_synthetic_opt_out_age_seconds"] < 60
            clicks = 'suppression_stops_total{channel="email",evidence="one_click"}'
            assert scraped(server)[clicks] == 0, "its own click counts for nobody's"
            started = time.monotonic()
            assert (worker.end(), time.monotonic() - started < 3) == (0, True)
    assert "synthetic opt-out passed" in worker.said()
    assert "/u/" not in worker.said()


def once(database: Database, folder: Path, public_url: str) -> subprocess.CompletedProcess[str]:
    """Run `flask worker --once` and return the ended process."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "worker", "--once"],
        cwd=PROJECT,
        env={**environment(database, folder), "PUBLIC_URL": public_url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wrong_public_url_turns_the_metric_red(database: Database, tmp_path: Path) -> None:
    with gunicorn(database, tmp_path, METRICS_TOKEN=TOKEN) as server:
        good = once(database, tmp_path, server.url)
        assert (good.returncode, good.stdout) == (0, "passed\n")
        assert scraped(server)["suppression_synthetic_opt_out_ok"] == 1
        wrong = once(database, tmp_path, f"{server.url}/elsewhere")
        assert (wrong.returncode, wrong.stdout) == (1, "click_refused\n")
        assert '"level": "ERROR"' in wrong.stderr
        assert "/u/" not in wrong.stderr
        assert scraped(server)["suppression_synthetic_opt_out_ok"] == 0


def test_a_worker_that_starts_before_the_service_logs_no_error(
    database: Database, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "flask", "worker"]
    settings = environment(database, tmp_path) | {"PUBLIC_URL": f"http://127.0.0.1:{free_port()}"}
    with launched(command, tmp_path / "worker.log", environ=settings) as worker:
        worker.wait_for(lambda: "waits for the service" in worker.said())
        assert '"level": "ERROR"' not in worker.said()
