"""Find the programs that some tests need; without its program a test is skipped, or fails in CI."""

from __future__ import annotations

import os
import shutil

import pytest


def program(package: str, *names: str) -> str:
    """Return the path of the first of `names` on PATH; Debian's `package` has the program.

    If there is none, skip the test and name the command that installs it. CI installs all programs
    (.ci/run), so there the test fails instead.
    """
    for name in names:
        if path := shutil.which(name):
            return path
    missing = f"no {names[0]}: apt-get install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)
