"""Where no browser is, the tests that need one say so loudly, and CI fails."""

from __future__ import annotations

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = (
    "NO BROWSER: the recipient pages were not looked at. Install Debian's Chromium "
    "(apt-get install chromium) and run ./test tests/browser"
)


def chromium() -> str:
    """Where the browser is; without one the test is skipped, and in CI it fails."""
    if CHROMIUM:
        return CHROMIUM
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last thing that a developer without a browser reads."""
    if not CHROMIUM:
        terminalreporter.write_sep("!", MISSING, red=True, bold=True)
