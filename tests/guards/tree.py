"""The files of the project that people write, for guards that read all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
# Folders made by tools or `./run`; git ignores them too, but a copy of the project may lack git.
MADE = frozenset({"__pycache__", "htmlcov", "var"})
OURS_THOUGH_HIDDEN = frozenset({".ci", ".github"})


def project_files(*endings: str) -> Iterator[Path]:
    """Yield every file whose name has one of these endings; every file for the ending ''."""
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = sorted(name for name in folders if is_written_by_people(name))
        for name in sorted(names):
            if name.endswith(endings):
                yield Path(folder) / name


def is_written_by_people(folder: str) -> bool:
    """Return whether a folder, by its name, holds files of people and not of tools."""
    return folder in OURS_THOUGH_HIDDEN or not (folder in MADE or folder.startswith("."))


def named(file: Path) -> str:
    """Return the path of a file, relative to the root of the project."""
    return file.relative_to(PROJECT).as_posix()
