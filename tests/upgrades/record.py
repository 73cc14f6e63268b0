"""Record what a release stores and answers, for the tests of every later version.

    python -m tests.upgrades.record FOLDER VERSION

FOLDER is a clean checkout of the release, whose tests run in this environment. The history of
history.py runs in it on each database; tables and answers go to releases/VERSION beside this file.
Do so once, when a version is released (docs/releasing.md): a record is never changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDER_FORMS = HERE.parent / "vectors" / "older_forms.json"


def record(release: Path, recorded_to: Path) -> int:
    """Run history.py among the tests of a release; return pytest's exit status."""
    recorded_to.mkdir(exist_ok=True)
    history = release / "tests" / "web" / "console" / "test_history.py"
    shutil.copy(HERE / "history.py", history)
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--show-capture=no", history],
            cwd=release,
            env=os.environ | {"RECORDED_TO": str(recorded_to), "OLDER_FORMS": str(OLDER_FORMS)},
            check=False,
        ).returncode
    finally:
        history.unlink()


if __name__ == "__main__":
    sys.exit(record(Path(sys.argv[1]), HERE / "releases" / sys.argv[2]))
