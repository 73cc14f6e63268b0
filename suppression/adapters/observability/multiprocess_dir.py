"""Where the workers of one gunicorn keep their counts: made, emptied and removed by its master."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import stat
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

from suppression.settings import SettingsError

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "suppression-metrics-"
_MADE_HERE = re.compile(rf"{_PREFIX}([0-9]+)-")
_COUNTS = re.compile(
    r"(?:counter|summary|histogram|gauge_(?:live)?(?:all|min|max|sum|mostrecent))_[0-9]+\.db"
)
"""The names that prometheus_client gives its files: kind of metric, then the process's number."""
_emptied: set[Path] = set()


def prepare_metrics_folder(environ: MutableMapping[str, str]) -> None:
    """Say in the environment where to count, before anything counts.

    SettingsError if the operator's own folder cannot be used; nothing in it is touched then.

    gunicorn reads its configuration again at a reload (HUP), which must lose no count: the folder
    that this process has prepared stays as it is. A gunicorn that takes over from another one
    (USR2) inherits its environment, and must not take over its folder.
    """
    text = environ.get(VARIABLE, "").strip()
    made_here = _MADE_HERE.match(Path(text).name)
    if made_here and int(made_here[1]) == os.getpid():
        return
    if text and not made_here:
        _empty(Path(text).resolve())
        return
    made = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")  # readable by its owner alone
    environ[VARIABLE] = made
    atexit.register(_remove, made, os.getpid())


def _empty(folder: Path) -> None:
    """Delete the counts that an earlier gunicorn left in the operator's folder; make it if needed.

    SettingsError, with nothing deleted, if the folder holds anything but such counts.
    """
    if folder in _emptied:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        left = sorted(folder.iterdir())
        foreign = [path.name for path in left if not _is_count(path)]
        if not foreign:
            for path in left:
                path.unlink()
    except OSError as error:
        raise SettingsError(
            f"{VARIABLE}: the folder cannot be made or emptied ({error.strerror}). Name one that "
            "this user may write to."
        ) from None
    if foreign:
        raise SettingsError(
            f"{VARIABLE}: the folder holds {foreign[0]!r}, which is no file of counts. Nothing was "
            "deleted. Name a folder that is for counts alone, empty or not made yet."
        )
    _emptied.add(folder)


def _is_count(path: Path) -> bool:
    """Whether this is a file that prometheus_client made. A link or a folder never is."""
    return bool(_COUNTS.fullmatch(path.name)) and stat.S_ISREG(path.lstat().st_mode)


def _remove(folder: str, made_by: int) -> None:
    if os.getpid() == made_by:  # workers are forks, and end like their master
        shutil.rmtree(folder, ignore_errors=True)
