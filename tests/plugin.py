"""Chooses the tests of a longer run, and says at the end of every run what it left out."""

from __future__ import annotations

import signal
from collections import Counter

import pytest
from hypothesis import is_hypothesis_test

from tests import length

_ASKING = (length.length, length.long_run, length.chosen, length.pairs)


def pytest_configure() -> None:
    """Let what tests start hear Ctrl-C, where this run stands in a shell's background.

    There the shell has SIGINT ignored, and every process inherits that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a run of `./test --long` keep the tests that have a longer form, and no other."""
    if not length.long_run():
        return
    left_out = [item for item in items if not has_longer_form(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if has_longer_form(item)]


def has_longer_form(item: pytest.Item) -> bool:
    """Say whether a test draws examples, or its module asks how far to go."""
    if not isinstance(item, pytest.Function):
        return False
    asks = any(value in _ASKING for value in vars(item.module).values() if callable(value))
    return asks or bool(is_hypothesis_test(item.obj))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the tests that were skipped by their reasons; name the longer forms."""
    reasons = Counter(reason(report) for report in terminalreporter.stats.get("skipped", ()))
    terminalreporter.section("left out", sep="-")
    for why, number in sorted(reasons.items()):
        terminalreporter.line(f"{number} x {why}")
    if not length.long_run():
        terminalreporter.line("the longer forms of tests that have one: ./test --long")


def reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped."""
    said = report.longrepr
    return said[2].removeprefix("Skipped: ") if isinstance(said, tuple) else str(said)
