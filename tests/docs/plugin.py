"""A pytest plugin that adds the option `--page` and counts the blocks that a run executed."""

from __future__ import annotations

import pytest

COUNTS = "blocks of documentation"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--page`, which chooses pages by a part of their name."""
    parser.addoption("--page", default="", help="tests/docs: run the pages with this in their name")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print, for each set-up, how many blocks ran and how many have a reason not to."""
    counts = {
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == COUNTS
    }
    for line in sorted(counts):
        terminalreporter.line(line)
