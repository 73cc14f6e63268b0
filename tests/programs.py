"""Programs that some tests need: without one they are left out, and in CI they fail."""

from __future__ import annotations

import os
import shutil

import pytest


def program(package: str, *names: str) -> str:
    """Return the path of the first of `names` that is there; Debian's `package` brings it.

    Where none is, the test is skipped with the command that installs it. CI installs all of them
    (.ci/run), so there it fails instead.
    """
    for name in names:
        if path := shutil.which(name):
            return path
    missing = f"no {names[0]}: apt-get install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)
