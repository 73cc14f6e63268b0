"""Adds `--page` for whoever writes documentation, and counts blocks at the end of a run."""

from __future__ import annotations

import pytest

COUNTS = "blocks of documentation"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that chooses pages."""
    parser.addoption("--page", default="", help="tests/docs: run the pages with this in their name")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many blocks ran and how many carry a reason, a line for each set-up."""
    counts = {
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == COUNTS
    }
    for line in sorted(counts):
        terminalreporter.line(line)
