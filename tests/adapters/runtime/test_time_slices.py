"""Long work pauses so that other threads get the interpreter, and loses no item."""

from __future__ import annotations

import time

import pytest

from suppression.adapters.runtime import time_slices


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list that collects the seconds of pauses; each reading of the clock adds 1 ms."""
    slept, milliseconds = list[float](), iter(range(1_000_000))
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "perf_counter", lambda: next(milliseconds) / 1000)
    return slept


def test_it_pauses_once_in_each_slice_and_yields_every_item(pauses: list[float]) -> None:
    items = list(range(100))
    assert list(time_slices.in_slices(items)) == items
    assert 10 <= len(pauses) <= 100 / (time_slices.SLICE_SECONDS * 1000)
    assert min(pauses) > 0


def test_what_is_short_is_not_held_up(pauses: list[float]) -> None:
    assert list(time_slices.in_slices("abc")) == ["a", "b", "c"]
    assert pauses == []
