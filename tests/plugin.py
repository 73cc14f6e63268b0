"""A pytest plugin that selects tests by `--long` and `--in-turn` and reports what is left out."""

from __future__ import annotations

import signal
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import is_hypothesis_test

from tests import length

_ASKING = (length.length, length.long_run, length.chosen, length.pairs)
_IN_TURN = ("attacks", "cli", "e2e", "storage", "usecases", "web")
"""The folders whose tests `--in-turn` runs on one database each, chosen by the test's name."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--in-turn`; `./test --long` runs the tests that it leaves out."""
    parser.addoption(
        "--in-turn",
        action="store_true",
        help=f"run each test of {', '.join(_IN_TURN)} on one database, not on all",
    )


def pytest_configure() -> None:
    """Restore the handler of SIGINT if it is ignored, so that started processes react to Ctrl-C.

    A shell that runs a command in the background ignores SIGINT, and every process inherits that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that do not belong to this run.

    A long run keeps the tests with a longer form and those that `--in-turn` leaves out of a short
    run. A short run keeps all tests, or with `--in-turn` one database for each.
    """
    if length.long_run():
        others = on_other_databases(items)
        left_out = {item for item in items if not has_longer_form(item)} - others
    else:
        left_out = on_other_databases(items) if config.getoption("in_turn") else set()
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def on_other_databases(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Return the tests that `--in-turn` leaves out: of each group all but one.

    A group has one test for each database, with equal other parameters.
    """
    groups = defaultdict[str, list[pytest.Item]](list)
    for item in items:
        backend = item.callspec.params.get("backend") if hasattr(item, "callspec") else None
        if backend and item.nodeid.startswith(tuple(f"tests/{folder}/" for folder in _IN_TURN)):
            groups[item.nodeid.replace(backend, "", 1)].append(item)
    others = set[pytest.Item]()
    for name, group in groups.items():
        kept = group[zlib.crc32(name.encode()) % len(group)]
        others.update(item for item in group if item is not kept)
    return others


def has_longer_form(item: pytest.Item) -> bool:
    """Return whether a test uses hypothesis, or its module imports a function of tests.length."""
    if not isinstance(item, pytest.Function):
        return False
    asks = any(value in _ASKING for value in vars(item.module).values() if callable(value))
    return asks or bool(is_hypothesis_test(item.obj))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many tests were skipped for each reason, and how to run what was left out."""
    reasons = Counter(reason(report) for report in terminalreporter.stats.get("skipped", ()))
    terminalreporter.section("left out", sep="-")
    for why, number in sorted(reasons.items()):
        terminalreporter.line(f"{number} x {why}")
    if terminalreporter.config.getoption("in_turn"):
        folders = ", ".join(_IN_TURN)
        terminalreporter.line(f"all databases but one for each test of {folders}: ./test --long")
    if not length.long_run():
        terminalreporter.line("the longer forms of tests that have one: ./test --long")


def reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped."""
    said = report.longrepr
    return said[2].removeprefix("Skipped: ") if isinstance(said, tuple) else str(said)
