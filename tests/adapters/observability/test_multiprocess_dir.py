"""Only counts are deleted from PROMETHEUS_MULTIPROC_DIR; any other file stops the start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from prometheus_client import Gauge

from suppression.adapters.observability.multiprocess_dir import VARIABLE, prepare_metrics_folder
from suppression.settings import SettingsError
from suppression.wiring.whole import create_app
from tests.api import make_controller
from tests.cli.test_commands import run
from tests.databases import SQLITE, migrated_database
from tests.keys import CASE_KEYS_TEXT, MASTER_KEYS_TEXT, SIGNING_KEYS_TEXT

PROJECT = Path(__file__).parents[3]
COUNTS = ["counter_1.db", "histogram_4711.db", "summary_9.db", "gauge_livesum_12.db"]
FOREIGN = [
    "precious.db",
    "suppression.db",
    "counter_1.db-wal",
    "counter_.db",
    "counter_x.db",
    "gauge_1.db",
    "gauge_dear_1.db",
    "my_counter_1.db",
    ".hidden",
]


def started(folder: Path | str) -> subprocess.CompletedProcess[str]:
    """Run a gunicorn that loads its configuration and the application, and return its end."""
    settings = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
        "MASTER_KEYS": MASTER_KEYS_TEXT,
        "SIGNING_KEYS": SIGNING_KEYS_TEXT,
        "CASE_KEYS": CASE_KEYS_TEXT,
        "PUBLIC_URL": "https://stop.example.fr",
        VARIABLE: str(folder),
    }
    return subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config"],
        cwd=PROJECT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_gunicorn_does_not_start_on_a_folder_that_holds_anything_else(tmp_path: Path) -> None:
    for name in [*COUNTS, "precious.db"]:
        (tmp_path / name).write_text(name)
    refused = started(tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    (line,) = refused.stderr.splitlines()
    assert line.startswith(f"Cannot start: {VARIABLE}: ")
    assert "'precious.db'" in line
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        name: name for name in [*COUNTS, "precious.db"]
    }


def test_a_list_under_var_keeps_its_stops(tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir()
    with migrated_database(SQLITE, var) as database:
        app = create_app(database.settings())
        make_controller(app, "okwind")
        assert run(app, "suppress", "okwind", "email", "a@example.fr").exit_code == 0
        assert started(var).returncode == 1
        assert run(app, "check", "okwind", "email", "a@example.fr").stdout == "deny\n"


def test_gunicorn_starts_on_a_folder_of_counts_and_empties_it(tmp_path: Path) -> None:
    for name in COUNTS:
        (tmp_path / name).write_text("left by another gunicorn")
    assert started(tmp_path).returncode == 0
    left = [path for path in tmp_path.iterdir() if path.read_bytes().startswith(b"left")]
    assert left == []


@pytest.mark.parametrize("name", FOREIGN)
def test_what_only_looks_like_a_count_is_refused_and_kept(tmp_path: Path, name: str) -> None:
    for written in (name, *COUNTS):
        (tmp_path / written).touch()
    with pytest.raises(SettingsError, match=VARIABLE):
        prepare_metrics_folder({VARIABLE: str(tmp_path)})
    assert {path.name for path in tmp_path.iterdir()} == {name, *COUNTS}


def test_a_folder_and_a_link_are_no_counts_whatever_their_names(tmp_path: Path) -> None:
    for make in (Path.mkdir, lambda path: path.symlink_to(PROJECT / "README.md")):
        path = tmp_path / "counter_1.db"
        make(path)
        with pytest.raises(SettingsError, match=r"counter_1\.db"):
            prepare_metrics_folder({VARIABLE: str(tmp_path)})
        path.rmdir() if path.is_dir() else path.unlink()


def test_a_file_in_the_place_of_the_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(SettingsError, match="Name one that this user may write to"):
        prepare_metrics_folder({VARIABLE: str(file)})
    assert file.read_text() == "mine"


def test_the_folder_that_one_works_in_is_no_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "precious.db").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"precious\.db"):
        prepare_metrics_folder({VARIABLE: "."})


def test_every_kind_of_file_that_the_library_makes_is_known(tmp_path: Path) -> None:
    modes = get_args(get_type_hints(Gauge.__init__)["multiprocess_mode"])
    assert len(modes) == 10
    kinds = ["counter", "summary", "histogram", *(f"gauge_{mode}" for mode in modes)]
    for kind in kinds:
        (tmp_path / f"{kind}_31415.db").touch()
    prepare_metrics_folder({VARIABLE: str(tmp_path)})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_emptied_once_by_a_process(tmp_path: Path) -> None:
    prepare_metrics_folder({VARIABLE: str(tmp_path / "made")})
    counts = tmp_path / "made" / "counter_1.db"
    counts.touch()
    prepare_metrics_folder({VARIABLE: str(tmp_path / "made")})
    assert counts.exists(), "a reload loses no count"


def test_an_upgrade_keeps_the_counts_of_the_gunicorn_that_runs(tmp_path: Path) -> None:
    counts = tmp_path / "counter_1.db"
    counts.write_text("of the one that runs")
    upgrade = {VARIABLE: str(tmp_path), "GUNICORN_PID": str(os.getppid())}
    prepare_metrics_folder(upgrade)
    assert counts.exists()
    prepare_metrics_folder({VARIABLE: str(tmp_path)})
    assert counts.exists(), "a reload after it loses no count either"


@pytest.mark.parametrize("pid", ["", "0", "no pid"])
def test_a_start_that_is_no_upgrade_empties_the_folder(tmp_path: Path, pid: str) -> None:
    counts = tmp_path / "counter_1.db"
    counts.touch()
    prepare_metrics_folder({VARIABLE: str(tmp_path), "GUNICORN_PID": pid})
    assert not counts.exists()
