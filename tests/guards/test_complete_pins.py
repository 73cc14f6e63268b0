"""The files of pins are complete: pip with `--no-deps` installs all that a package needs.

A pin meets each requirement of each pinned package, including those of the extras that other
packages ask for, on every supported Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.e2e.package_index import Pin, read_pins
from tests.guards.test_requirements import PINNED, PROJECT

PYTHONS = ("3.11.0", "3.11.2", "3.11.7", "3.12.0", "3.13.0", "3.14.0")
# Packages that Python's own tools install, so that no file pins them.
BROUGHT = {"pip", "setuptools"}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("file", PINNED)
def test_every_requirement_of_a_pinned_package_is_met_by_a_pin(file: str, python: str) -> None:
    environment = {
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
    }
    pins = [pin for pin in read_pins((PROJECT / file).read_text()) if pin.is_for(environment)]
    assert list(unmet(pins, environment)) == []


def test_the_search_finds_a_package_that_is_missing() -> None:
    pins = read_pins((PROJECT / "requirements.txt").read_text())
    without = [pin for pin in pins if pin.name != "werkzeug"]
    assert "flask needs werkzeug" in " ".join(unmet(without, {})).lower()


def test_the_search_finds_what_an_extra_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    packages = {"runner": ["cover[fast]>=1"], "cover": ['reader>=2 ; extra == "fast"']}
    monkeypatch.setattr("tests.guards.test_complete_pins.requires", packages.get)
    pins = [Pin(name=name, version="1.0", marker="") for name in packages]
    assert list(unmet(pins, {})) == ['cover needs reader>=2; extra == "fast"']


def test_the_search_finds_a_pin_of_a_version_that_another_package_refuses() -> None:
    pins = [
        Pin(name=pin.name, version="0.1" if pin.name == "werkzeug" else pin.version, marker="")
        for pin in read_pins((PROJECT / "requirements.txt").read_text())
    ]
    assert "flask needs werkzeug" in " ".join(unmet(pins, {})).lower()


def unmet(pins: list[Pin], environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a message for each requirement that no pin meets, with the extras of every package."""
    pinned = {pin.name: pin for pin in pins}
    waiting = [(name, "") for name in pinned]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        for requirement in requirements(name, extra, environment):
            needed = canonicalize_name(requirement.name)
            pin = pinned.get(needed)
            if needed not in BROUGHT and (
                pin is None or not requirement.specifier.contains(pin.version, prereleases=True)
            ):
                yield f"{name} needs {requirement}"
            further = {(needed, extra) for extra in requirement.extras} - seen
            seen |= further
            waiting.extend(further)


def requirements(name: str, extra: str, environment: Mapping[str, str]) -> Iterator[Requirement]:
    """Yield what an installed package needs for an extra; the extra '' means what it always needs.

    Nothing is yielded for a package that is not installed here.
    """
    try:
        lines = requires(name) or []
    except PackageNotFoundError:  # a pin for other systems or Pythons than this one
        return
    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or marker.evaluate({**environment, "extra": extra}):
            yield requirement
