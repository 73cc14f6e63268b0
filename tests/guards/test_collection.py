"""A test has one name, whenever and in whichever process it is collected.

`./test` distributes the tests to several processes, which run none if their names differ. So a name
must not contain a value that depends on the time (`gzip.compress` without `mtime`), on chance, or
on the order of a set.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.length import length

PROJECT = Path(__file__).parents[2]
# Collects in a process with another time, other random numbers and another order of sets.
COLLECTS = """
import random, sys, time
real = time.time
time.time = lambda: real() + 40 * 86_400
random.seed(2026)
import pytest
sys.exit(pytest.main(["--collect-only", "--quiet", "-p", "no:cacheprovider", "-p", "no:xdist",
                      *sys.argv[1:]]))
"""


def collected(*paths: str) -> set[str]:
    completed_process = subprocess.run(
        [sys.executable, "-c", COLLECTS, *paths],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed_process.returncode == 0, (
        completed_process.stdout[-2000:] + completed_process.stderr[-2000:]
    )
    return {line for line in completed_process.stdout.splitlines() if "::" in line}


def test_names_of_tests_hold_neither_time_nor_chance(request: pytest.FixtureRequest) -> None:
    here = {item.nodeid for item in request.session.items}
    files = sorted({name.partition("::")[0] for name in here})[:: length(16, long=1)]
    there = collected(*files)
    assert not {name for name in here if name.partition("::")[0] in files} - there


def test_the_search_would_find_one(tmp_path: Path) -> None:
    named_by = tmp_path / "test_named_by_the_time.py"
    named_by.write_text(
        "import time, pytest\n"
        "@pytest.mark.parametrize('at', [time.time()])\n"
        "def test_it(at): pass\n"
    )
    assert len({*collected(str(named_by)), *collected(str(named_by))}) == 2
