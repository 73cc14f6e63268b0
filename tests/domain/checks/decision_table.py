"""Read the cases of tests/vectors/decisions/, a file per article, and README.md's shared values."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from suppression.domain.errors import InvalidValueError
from suppression.domain.policy_testing.cases import COLUMNS, PolicyTestCase, read_cases

FOLDER = Path(__file__).parents[2] / "vectors" / "decisions"
_LINE = re.compile(
    r"^\| (?:\[(?P<file>[\w-]+\.csv)\]|every file).*\|(?P<shared>[^|]*)\|$", re.MULTILINE
)
_SHARED = re.compile(r"`(\w+)=([^`]*)`")


def cases() -> list[PolicyTestCase]:
    """Return every case, sorted by its number.

    Raises InvalidValueError with the file, line and column of a fault.
    """
    read = [case for file in files() for case in _cases_of(file)]
    return sorted(read, key=lambda case: case.name)


def complete_table() -> str:
    """Return all cases as one table with every column, as `flask policies test` takes it."""
    return _to_csv([row for file in files() for row in rows_of(file)])


def rows_of(file: Path) -> list[dict[str, str]]:
    """Return the cases of one file, each with every column."""
    empty = dict.fromkeys(COLUMNS, "")
    shared = shared_values()
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            empty | shared[""] | shared[file.name] | row
            for row in csv.DictReader(lines, strict=True)
        ]


def shared_values() -> dict[str, dict[str, str]]:
    """Return the values that README.md gives for the cases of each file; "" is for all files."""
    page = (FOLDER / "README.md").read_text("utf-8")
    return {
        line["file"] or "": dict(_SHARED.findall(line["shared"])) for line in _LINE.finditer(page)
    }


def files() -> list[Path]:
    """Return the files of cases in the order of their names."""
    return sorted(FOLDER.glob("*.csv"))


def _cases_of(file: Path) -> list[PolicyTestCase]:
    try:
        return read_cases(io.StringIO(_to_csv(rows_of(file))))
    except InvalidValueError as error:
        raise InvalidValueError(f"{file.name}, {error}") from None


def _to_csv(rows: list[dict[str, str]]) -> str:
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return written.getvalue()
