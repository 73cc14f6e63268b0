"""Copy the project as after a clone, with a Python environment that needs no network."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.launching import PROJECT, clean_environ, launch

LIMIT = 60.0
# Compiled modules are copied too, so that no copy compiles them again. A name that continues after
# `.pyc` is a module that is being written, which may disappear before it is copied.
_LEFT_OUT = shutil.ignore_patterns(".*", "*.pyc.*", "var", "htmlcov", "tests", "docs", "benchmarks")
# A script as pip writes it if the path of the interpreter contains a space.
_PROGRAM = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from {module} import {function}
sys.exit({function}())
"""
_PROGRAMS = {"flask": ("flask.cli", "main"), "gunicorn": ("gunicorn.app.wsgiapp", "run")}
# Marks the environment as installed, as the project's scripts do, so that ./run installs nothing.
_STAMP = """
source <(sed '/^environment_prepare /d' scripts/environment.sh) runtime
project="$(pwd -P)" venv="$project/.venv"
environment_stamp runtime
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A ./run that serves: its process, and its standard output until then."""

    process: subprocess.Popen[bytes]
    output: str

    @property
    def curl(self) -> str:
        """Return the printed line with the curl command."""
        return next(line for line in self.output.splitlines() if line.startswith("  curl "))

    @property
    def key(self) -> str | None:
        """Return the API key that was printed, None if there was none."""
        match = re.search(r"shown once: (\S+)", self.output)
        return match[1] if match else None


@dataclass(frozen=True, slots=True)
class ProjectCopy:
    """A copy of the project's folder, to run ./run in."""

    folder: Path

    @property
    def key_file(self) -> Path:
        """Return the path of the file of keys that the first start makes."""
        return self.folder / "var" / "keys.json"

    @property
    def log(self) -> Path:
        """Return the path of the log with the standard error of all servers of this copy."""
        return self.folder.with_suffix(".log")

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run `./run` with arguments to its end; return the ended process."""
        return subprocess.run(
            [self.folder / "run", *arguments],
            cwd="/",
            env=_offline(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    @contextmanager
    def serving(self, port: int, **environ: str) -> Iterator[Started]:
        """Start `./run`, yield once it has printed its last line, and end it with the block."""
        said = self.folder.with_suffix(".out")
        said.write_text("")
        settings = _offline({"PORT": str(port)} | environ)
        run = launch(
            [self.folder / "run"], self.log, environ=settings, folder=Path("/"), output=said
        )
        try:
            run.wait_for(lambda: "\n  curl " in said.read_text(), LIMIT)
            yield Started(process=run.process, output=said.read_text())
        finally:
            run.end()
        assert "installing" not in self.log.read_text()


def copied_project(folder: Path) -> ProjectCopy:
    """Copy the project to `folder`, whose name may contain a space."""
    shutil.copytree(PROJECT, folder, ignore=_LEFT_OUT)
    ours, copied = Path(sys.prefix), folder / ".venv"
    (copied / "bin").mkdir(parents=True)
    shutil.copy(ours / "pyvenv.cfg", copied)
    (copied / "lib").symlink_to(ours / "lib")
    python = copied / "bin" / "python"
    python.symlink_to((ours / "bin" / "python").resolve())
    for name, (module, function) in _PROGRAMS.items():
        program = copied / "bin" / name
        program.write_text(_PROGRAM.format(python=python, module=module, function=function))
        program.chmod(0o755)
    subprocess.run(["bash", "-euc", _STAMP], cwd=folder, check=True, timeout=LIMIT)
    return ProjectCopy(folder)


def _offline(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which any attempt to install a package fails at once."""
    return clean_environ() | {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1"} | dict(environ)
