"""./run and ./test install exactly the pinned versions, even if there are newer releases."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.package_index import Pin, fill_index, read_pins
from tests.launching import PROJECT, clean_environ
from tests.length import chosen

LIMIT = 100.0
FILES = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}


@pytest.mark.parametrize("kind", chosen(list(FILES), short="dev"))
def test_newer_releases_of_every_package_leave_the_install_as_it_is(
    tmp_path: Path, kind: str
) -> None:
    project = Project(tmp_path, FILES[kind])
    done = project.install(kind)
    assert done.returncode == 0, done.stderr
    assert project.versions() == {pin.name: pin.version for pin in project.pins if pin.is_for()}


def test_pins_that_do_not_fit_each_other_stop_the_install_with_the_reason(tmp_path: Path) -> None:
    project = Project(tmp_path, FILES["runtime"])
    project.forget("werkzeug")
    done = project.install("runtime")
    assert done.returncode != 0
    assert "flask" in done.stderr.lower()
    assert "requires werkzeug, which is not installed" in done.stderr.lower()
    assert not list((project.folder / ".venv").glob("installed-*"))


class Project:
    """A copy of the scripts that make an environment, and an index of pinned and newer releases."""

    def __init__(self, folder: Path, file: str) -> None:
        self.folder = folder
        self.index = folder / "index"
        self.index.mkdir()
        self.pins = read_pins((PROJECT / file).read_text())
        self.requirements = {
            name: fill_index(self.index, read_pins((PROJECT / name).read_text()))
            for name in {"requirements.txt", file}
        }
        shutil.copytree(PROJECT / "scripts", folder / "scripts")

    def forget(self, name: str) -> None:
        """Remove a pin from the requirements, as a person who edits them by hand might."""
        self.requirements = {
            file: "".join(
                line for line in text.splitlines(keepends=True) if not line.startswith(f"{name}==")
            )
            for file, text in self.requirements.items()
        }

    def install(self, kind: str) -> subprocess.CompletedProcess[str]:
        """Make the environment as ./run (`runtime`) or ./test (`dev`) does."""
        for name, text in self.requirements.items():
            (self.folder / name).write_text(text)
        return subprocess.run(
            ["bash", "-euc", f"source scripts/environment.sh {kind}"],
            cwd=self.folder,
            env=clean_environ() | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    def versions(self) -> dict[str, str]:
        """Return the version of each installed package, without Python's own installers."""
        listed = subprocess.run(
            [self.folder / ".venv/bin/python", "-m", "pip", "list", "--format=json"],
            env=clean_environ() | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=True,
        )
        return {
            package["name"]: package["version"]
            for package in json.loads(listed.stdout)
            if package["name"] not in {"pip", "setuptools"}
        }


def test_a_pin_is_read_with_its_version_and_marker() -> None:
    assert read_pins(
        "coverage==7.9 \\\n    --hash=sha256:00\n"
        "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    ) == [
        Pin(name="coverage", version="7.9", marker=""),
        Pin(name="colorama", version="0.4.6", marker="sys_platform == 'win32'"),
    ]
