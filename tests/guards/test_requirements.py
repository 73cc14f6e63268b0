"""Dependencies are chosen for a documented reason, pinned by hash, and name no host or path."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
CHOSEN = ("requirements.in", "requirements-dev.in", "benchmarks/requirements.in")
PINNED = ("requirements.txt", "requirements-dev.txt", "benchmarks/requirements.txt")
BASES = ("-r requirements.txt", "-r ../requirements.txt")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
PIN = re.compile(r"([a-z0-9-]+)==\S+( ; [^/\\]+)? \\")


@pytest.mark.parametrize("file", PINNED)
def test_a_pin_is_a_version_with_hashes_and_names_no_host_or_path(file: str) -> None:
    assert [
        line for line in lines(file) if not PIN.fullmatch(line) and not HASH.fullmatch(line)
    ] == []


@pytest.mark.parametrize("file", CHOSEN)
def test_a_choice_is_a_name_and_names_no_host_or_path(file: str) -> None:
    assert [choice for choice in choices(file) if not re.fullmatch(r"[a-z0-9-]+", choice)] == []


@pytest.mark.parametrize("file", CHOSEN)
def test_every_choice_is_pinned(file: str) -> None:
    pinned = {
        pin.group(1) for line in lines(file.replace(".in", ".txt")) if (pin := PIN.match(line))
    }
    assert set(choices(file)) - pinned == set()


@pytest.mark.parametrize("file", PINNED[1:])
def test_tests_and_benchmarks_run_on_the_very_pins_of_the_service(file: str) -> None:
    assert set(lines("requirements.txt")) - set(lines(file)) == set()


@pytest.mark.parametrize("file", CHOSEN)
def test_every_choice_has_its_reason_in_a_decision(file: str) -> None:
    decisions = "\n".join(
        decision.read_text() for decision in (PROJECT / "docs" / "decisions").glob("*.md")
    )
    named = set(re.findall(r"[a-z0-9-]+", decisions.lower()))
    assert [choice for choice in choices(file) if choice not in named] == []


def choices(file: str) -> list[str]:
    """Return the packages that a file of requirements names, without its `-r` lines."""
    return [line for line in lines(file) if line and line[0] != "#" and line not in BASES]


def lines(file: str) -> list[str]:
    """Return the lines of a file, by its path in the project."""
    return (PROJECT / file).read_text().splitlines()
