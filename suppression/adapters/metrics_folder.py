"""Where the workers of one gunicorn keep their counts: made, emptied and removed by its master."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "suppression-metrics-"
_emptied: set[Path] = set()


def prepare_metrics_folder(environ: MutableMapping[str, str]) -> None:
    """Say in the environment where to count, before anything counts.

    gunicorn reads its configuration again at a reload (HUP), which must lose no count: the folder
    that this process has prepared stays as it is. A gunicorn that takes over from another one
    (USR2) inherits its environment, and must not take over its folder.
    """
    folder = Path(environ.get(VARIABLE) or "")
    if folder.name.startswith(f"{_PREFIX}{os.getpid()}-"):
        return
    if folder.name and not folder.name.startswith(_PREFIX):
        _empty(folder)
        return
    made = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")  # readable by its owner alone
    environ[VARIABLE] = made
    atexit.register(_remove, made, os.getpid())


def _empty(folder: Path) -> None:
    """The operator's own folder, without what an earlier gunicorn has left there."""
    if folder in _emptied:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()
    _emptied.add(folder)


def _remove(folder: str, made_by: int) -> None:
    if os.getpid() == made_by:  # workers are forks, and end like their master
        shutil.rmtree(folder, ignore_errors=True)
