"""A test run reports what it left out, and a long run selects the tests with a longer form."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
TESTS = """
import pytest
from hypothesis import given, strategies
from {module} import {name}
from tests.programs import program

def test_that_needs_a_program():
    program("debian-package", "no-such-program")

@given(strategies.integers())
def test_with_drawn_examples(number):
    assert number == number
"""

BETWEEN = "---- the next run ----"
COLLECTS_THRICE = f"""
import os, sys
import pytest
arguments = sys.argv[1:]
pytest.main(arguments)
print("{BETWEEN}")
pytest.main(["--in-turn", *arguments])
print("{BETWEEN}")
os.environ["SUPPRESSION_TEST_LONG"] = "1"
pytest.main(arguments)
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.delenv("CI", raising=False)
        return run_tests(tmp_path_factory.mktemp("sample"), "tests.leaks", "leaks")


def test_a_missing_program_is_named_at_the_end_with_the_package_that_brings_it(
    run: subprocess.CompletedProcess[str],
) -> None:
    assert run.returncode == 0
    assert "1 x no no-such-program: apt-get install debian-package" in end(run)


def test_a_short_run_says_how_the_longer_forms_run(run: subprocess.CompletedProcess[str]) -> None:
    assert "./test --long" in end(run)


def test_in_ci_a_missing_program_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    done = run_tests(tmp_path, "tests.leaks", "leaks")
    assert done.returncode == 1
    assert "no no-such-program: apt-get install debian-package" in done.stdout


def test_a_long_run_takes_drawn_examples_and_no_test_without_a_longer_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPRESSION_TEST_LONG", "1")
    done = run_tests(tmp_path, "tests.leaks", "leaks")
    assert "1 passed, 1 deselected" in done.stdout
    assert "./test --long" not in end(done)


@pytest.mark.parametrize("name", ["length", "long_run"])
def test_a_long_run_takes_modules_that_ask_how_far_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SUPPRESSION_TEST_LONG", "1")
    monkeypatch.delenv("CI", raising=False)
    assert "1 passed, 1 skipped" in run_tests(tmp_path, "tests.length", name).stdout


def test_in_turn_each_test_runs_on_one_database_and_a_long_run_takes_the_others() -> None:
    everything, once, others = collected()
    assert once | others == everything
    assert not once & others
    names = [re.sub(r"sqlite|postgresql-\d+", "", name) for name in once]
    assert len(names) == len(set(names)) == len(everything) / 2
    assert len({name.partition("[")[2] for name in once}) > 1


def collected() -> list[set[str]]:
    """Return the names of a file's tests in three runs: all, with `--in-turn`, and long.

    The file is in a folder whose tests `--in-turn` runs on one database each.
    """
    file = "tests/cli/test_commands.py"
    done = subprocess.run(
        [sys.executable, "-c", COLLECTS_THRICE, "--collect-only", "--quiet", "-n0", file],
        cwd=PROJECT,
        env=os.environ | {"PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        {line for line in run.splitlines() if line.startswith(file)}
        for run in done.stdout.split(BETWEEN)
    ]


def run_tests(folder: Path, module: str, name: str) -> subprocess.CompletedProcess[str]:
    """Run a generated file of tests with the plugin and return the ended process.

    The file imports `name` from `module`.
    """
    file = folder / "test_sample.py"
    file.write_text(TESTS.format(module=module, name=name))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.plugin", "-p", "no:cacheprovider", file],
        cwd=PROJECT,
        env=os.environ | {"PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def end(run: subprocess.CompletedProcess[str]) -> str:
    """Return the output of a run below its heading "left out"."""
    return run.stdout.partition(" left out ")[2]
