"""The benchmarks run on a list of 200 people, without the peers that are not installed."""

from __future__ import annotations

import shutil

import pytest

from benchmarks.goals import ROWS, Failure, Finding
from benchmarks.ground import ground
from benchmarks.measure import SECTIONS, measured
from benchmarks.report import Run, results_by_row, written
from benchmarks.serving import installed
from benchmarks.sizes import TINY
from tests.length import long_run

PEERS = {
    "single-fastapi": "fastapi",
    "batch-fastapi": "fastapi",
    "scrub-duckdb": "duckdb",
    "scrub-clear": "duckdb",
}


@pytest.mark.skipif(not long_run(), reason="all rows are measured by ./test --long")
@pytest.mark.timeout(300)  # it starts nine servers
def test_every_row_is_measured_or_says_why_not() -> None:
    with ground(TINY) as on:  # one test: the ground takes seconds to make
        results = results_by_row(measured(on, SECTIONS))
    assert [result for result in results.values() if unexpected(result)] == []


def unexpected(result: Finding | Failure) -> bool:
    """Return whether a row failed although this machine has all that its measurement needs."""
    if isinstance(result, Finding):
        return False
    missing = PEERS.get(result.row)
    if result.row == "single-lookup" and shutil.which("pgbench") is None:
        return "pgbench" not in result.why
    if missing is not None and not installed(missing):
        return False
    if result.row.startswith("stops-") and not result.row.endswith("-1"):
        return False  # the tiny run has one client
    return "not built" not in result.why


def test_every_row_stands_in_the_page_and_a_missing_one_loudly() -> None:
    findings = [Finding(row="single-floor", ours=[7.0, 7.2], peer=[10.0, 10.0])]
    page = written(
        Run(sizes=TINY, results=results_by_row(findings), postgresql="18", minutes=1.0, load=0.0)
    )
    assert page.count("FAILED: not measured") == len(ROWS) - 1
    assert "| 0.71 (0.70-0.72) | at least 0.7 | yes |" in page
    assert "The machine was busy" not in page


def test_a_goal_that_not_every_round_reaches_says_so_and_a_busy_machine_too() -> None:
    findings = [Finding(row="single-floor", ours=[7.0, 2.0, 8.0], peer=[10.0, 10.0, 10.0])]
    page = written(
        Run(sizes=TINY, results=results_by_row(findings), postgresql="18", minutes=1, load=9)
    )
    assert "| yes, by the median; in 2 of 3 rounds |" in page
    assert "The machine was busy" in page
