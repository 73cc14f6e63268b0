"""A watch of the service on itself is healthy only if its last run passed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from suppression.domain.probes import PASSED, SYNTHETIC_OPT_OUT, Probe

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_a_watch_whose_last_run_passed_is_well() -> None:
    assert _watch(PASSED).ok


@pytest.mark.parametrize("result", ["", "Passed", "the stop was not seen"])
def test_a_watch_whose_last_run_failed_is_not_well_however_recently_it_passed(result: str) -> None:
    assert not _watch(result).ok


def _watch(result: str) -> Probe:
    return Probe(name=SYNTHETIC_OPT_OUT, ran_at=NOW, passed_at=NOW, result=result)
