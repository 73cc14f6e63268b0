"""The folder of the workers' metric files: made by gunicorn's master, or the operator's own."""

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
_OWN_FOLDER = re.compile(rf"{_PREFIX}([0-9]+)-")
_COUNTS = re.compile(
    r"(?:counter|summary|histogram|gauge_(?:live)?(?:all|min|max|sum|mostrecent))_[0-9]+\.db"
)
"""The names of prometheus_client's files: kind of metric, then process id."""
_emptied: set[Path] = set()


def prepare_metrics_folder(environ: MutableMapping[str, str]) -> None:
    """Empty the operator's folder for counts; without one, create one and name it in `environ`.

    Call this before anything counts. Raise SettingsError if the operator's folder cannot be used.
    A created folder is removed when this process ends.

    A second call in the same process changes nothing, so that no count is lost. A gunicorn that
    another one started (USR2) inherits the name of a folder that the other one created, but creates
    a folder of its own; in the operator's folder, where the other one still counts, it deletes
    nothing.
    """
    text = environ.get(VARIABLE, "").strip()
    own_name = _OWN_FOLDER.match(Path(text).name)
    if own_name and int(own_name[1]) == os.getpid():
        return
    if text and not own_name:
        _empty(Path(text).resolve(), shared=_is_upgrade(environ))
        return
    created = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")  # readable by its owner alone
    environ[VARIABLE] = created
    atexit.register(_remove, created, os.getpid())


def _is_upgrade(environ: MutableMapping[str, str]) -> bool:
    """Return whether a gunicorn that still runs started this one, to take its place (USR2)."""
    return environ.get("GUNICORN_PID", "") == str(os.getppid())


def _empty(folder: Path, *, shared: bool) -> None:
    """Delete an earlier gunicorn's counts in the operator's folder; create it if it is missing.

    If the folder is `shared` with a gunicorn that runs, its counts are kept. A process does this
    once per folder. Raise SettingsError if the folder cannot be created or emptied. If it holds
    anything but counts, raise SettingsError and delete nothing.
    """
    if folder in _emptied:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        paths = sorted(folder.iterdir())
        foreign = [path.name for path in paths if not _is_count(path)]
        if not foreign and not shared:
            for path in paths:
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
    """Return whether a path is a regular file with a name that prometheus_client gives."""
    return bool(_COUNTS.fullmatch(path.name)) and stat.S_ISREG(path.lstat().st_mode)


def _remove(folder: str, creator: int) -> None:
    if os.getpid() == creator:  # workers are forks, and run this at their end too
        shutil.rmtree(folder, ignore_errors=True)
