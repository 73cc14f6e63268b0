"""Invented people: who is on a list, who is not, and the files that name them.

Everybody is a number. One in five has an address at a provider that ignores dots, and it is
written with one: such a person is asked for, and stands, under two fingerprints.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

_FIRST = ("camille", "lucas", "ines", "theo", "zoe", "hugo", "lea", "louis")
_LAST = ("martin", "bernard", "petit", "durand", "moreau", "laurent", "simon")
_DOMAINS = ("boite.example", "courrier.example", "poste.example", "mail.test")

STRANGERS = 100_000_000
"""From here on nobody is on a list."""
IMPORTED = 200_000_000
"""From here on they come by files."""
STOPPING = 300_000_000
"""From here on they stop while we measure."""
_IN_A_FILE = 10
"""One in so many of a recipients' file, or of what is checked, has stopped."""


def address(number: int) -> str:
    """The e-mail address of a person.

    >>> address(0), address(3)
    ('camille.martin0@gmail.com', 'theo.durand3@mail.test')
    """
    name = f"{_FIRST[number % 8]}.{_LAST[number % 7]}{number}"
    return f"{name}@gmail.com" if number % 5 == 0 else f"{name}@{_DOMAINS[number % 4]}"


def spelled(number: int) -> str:
    """Return the e-mail address of a person as typed: one in seven in capitals."""
    return address(number).upper() if number % 7 == 0 else address(number)


def recipients(count: int, *, listed: int) -> Iterator[int]:
    """Who is written to: one in ten of them somewhere on a list of so many, spread over it."""
    hits = -(-count // _IN_A_FILE)
    step = max(1, listed // hits)
    for place in range(count):
        hit, rest = divmod(place, _IN_A_FILE)
        yield STRANGERS + place if rest else hit * step % listed


PROBE = 100
"""The rows of a file that a command is tried with before anything is timed."""


def stopped(count: int, *, listed: int) -> int:
    """How many of these recipients are on that list."""
    return sum(number < listed for number in recipients(count, listed=listed))


def write_recipients(path: Path, count: int, *, listed: int) -> Path:
    """A recipients' file: a number of the customer's own, the address, a name."""
    numbers = recipients(count, listed=listed)
    return _write(path, ("customer", "email", "name"), numbers)


def write_stopped(path: Path, count: int, *, offset: int = IMPORTED) -> Path:
    """A file of people who stopped, as another tool exports it."""
    return _write(path, ("customer", "email", "name"), iter(range(offset, offset + count)))


def _write(path: Path, head: tuple[str, ...], numbers: Iterator[int]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(head)
        for number in numbers:
            rows.writerow((number, spelled(number), _FIRST[number % 8].title()))
    return path
