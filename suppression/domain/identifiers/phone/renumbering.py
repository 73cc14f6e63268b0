"""Numbers that changed without changing hands: a table of old and new E.164, and both are asked.

`renumbering.csv`: what regulators announced, as ITU-T's operational bulletins report it. `?` is any
digit and `[04-9]` one of these; they are carried over in order. A stop is written under the number
as it came; a check asks both.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_BEGINNING = len("+22")
_DIGIT = re.compile(r"\?|\[[0-9-]+\]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Renumbering:
    """One row, read one way: a pattern of numbers, and the format of what each was or became."""

    pattern: re.Pattern[str]
    template: str

    def from_row(self, number: str) -> str:
        """The number's other spelling, '' where the row does not concern it."""
        match = self.pattern.fullmatch(number)
        return self.template.format(*match.groups()) if match else ""


def _renumbering(source: str, target: str) -> Renumbering:
    """The row that leads from one column to the other.

    >>> _renumbering("+229[4-9]?", "+22901[4-9]?").from_row("+22997")
    '+2290197'
    """
    fixed = [re.escape(part) for part in _DIGIT.split(source)]
    digits = [f"({digit.replace('?', '[0-9]')})" for digit in _DIGIT.findall(source)]
    pattern = "".join(part for pair in zip(fixed, [*digits, ""], strict=True) for part in pair)
    return Renumbering(pattern=re.compile(pattern), template=_DIGIT.sub("{}", target))


def _renumberings() -> dict[str, list[Renumbering]]:
    """All rows in both directions, by the two digits that begin the number: others pay nothing."""
    table: dict[str, list[Renumbering]] = {}
    with Path(__file__).with_name("renumbering.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows = table.setdefault(row["old"][:_BEGINNING], [])
            rows += [_renumbering(row["old"], row["new"]), _renumbering(row["new"], row["old"])]
    return table


_CHANGES = _renumberings()


def renumbered(number: str) -> tuple[str, ...]:
    """What else this E.164 number is, or was, called.

    >>> renumbered("+2250707123456"), renumbered("+22507123456"), renumbered("+33612345678")
    (('+22507123456',), ('+2250707123456',), ())
    """
    rows = _CHANGES.get(number[:_BEGINNING], ())
    return tuple(other for change in rows if (other := change.from_row(number)))
