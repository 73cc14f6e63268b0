"""Invented people: who is on a list, who is not, and the files that name them.

Every person is a number. One in five has a gmail.com address with a dot. Gmail ignores dots, so
this person has two fingerprints, in checks and on the list.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

_FIRST = ("camille", "lucas", "ines", "theo", "zoe", "hugo", "lea", "louis")
_LAST = ("martin", "bernard", "petit", "durand", "moreau", "laurent", "simon")
_DOMAINS = ("boite.example", "courrier.example", "poste.example", "mail.test")

STRANGERS = 100_000_000
"""The first number of people who are on no list."""
IMPORTED = 200_000_000
"""The first number of people whom imported files name."""
STOPPING = 300_000_000
"""The first number of people who say stop while we measure."""
_IN_A_FILE = 10
"""One in this many recipients, of a file or of checks, is on the list."""


def address(number: int) -> str:
    """Return the e-mail address of a person.

    >>> address(0), address(3)
    ('camille.martin0@gmail.com', 'theo.durand3@mail.test')
    """
    name = f"{_FIRST[number % 8]}.{_LAST[number % 7]}{number}"
    return f"{name}@gmail.com" if number % 5 == 0 else f"{name}@{_DOMAINS[number % 4]}"


def spelled(number: int) -> str:
    """Return the e-mail address of a person as typed: one person in seven types capitals."""
    return address(number).upper() if number % 7 == 0 else address(number)


def recipients(count: int, *, listed: int) -> Iterator[int]:
    """Yield `count` people to check; one in ten is on a list of `listed` people, spread over it."""
    hits = -(-count // _IN_A_FILE)
    step = max(1, listed // hits)
    for place in range(count):
        hit, rest = divmod(place, _IN_A_FILE)
        yield STRANGERS + place if rest else hit * step % listed


PROBE = 100
"""The number of rows in the file with which a command is tried before it is timed."""


def stopped(count: int, *, listed: int) -> int:
    """Return how many of `count` recipients are on a list of `listed` people."""
    return sum(number < listed for number in recipients(count, listed=listed))


def write_recipients(path: Path, count: int, *, listed: int) -> Path:
    """Write a file of recipients (customer number, e-mail, name) and return its path."""
    numbers = recipients(count, listed=listed)
    return _write(path, ("customer", "email", "name"), numbers)


def write_stopped(path: Path, count: int, *, offset: int = IMPORTED) -> Path:
    """Write a file of people who said stop, as another tool exports it, and return its path.

    `offset` is the number of the first person.
    """
    return _write(path, ("customer", "email", "name"), iter(range(offset, offset + count)))


def _write(path: Path, head: tuple[str, ...], numbers: Iterator[int]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(head)
        for number in numbers:
            rows.writerow((number, spelled(number), _FIRST[number % 8].title()))
    return path
