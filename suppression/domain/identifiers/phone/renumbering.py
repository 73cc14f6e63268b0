"""Numbers that were renumbered and still reach the same person: old and new E.164.

`renumbering.csv` holds the changes that regulators announced, as ITU-T's operational bulletins
report them. In its patterns `?` is any digit and `[04-9]` one of these; the other number has the
digits that match them, in order. A stop is stored under the number as received; a check looks up
both (step 5 of phone in docs/identifiers.md).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_PREFIX_LENGTH = len("+22")
_DIGIT = re.compile(r"\?|\[[0-9-]+\]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Renumbering:
    """A row of renumbering.csv in one direction, from old to new numbers or from new to old.

    `pattern` has a group for each digit that is carried over, `template` a `{}`.
    """

    pattern: re.Pattern[str]
    template: str

    def from_row(self, number: str) -> str:
        """Return the E.164 number that `number` becomes by this row; '' if it does not match."""
        match = self.pattern.fullmatch(number)
        return self.template.format(*match.groups()) if match else ""


def _renumbering(source: str, target: str) -> Renumbering:
    """Return the renumbering from the pattern `source` to the pattern `target`.

    >>> _renumbering("+229[4-9]?", "+22901[4-9]?").from_row("+22997")
    '+2290197'
    """
    literals = [re.escape(part) for part in _DIGIT.split(source)]
    digits = [f"({digit.replace('?', '[0-9]')})" for digit in _DIGIT.findall(source)]
    pattern = "".join(part for pair in zip(literals, [*digits, ""], strict=True) for part in pair)
    return Renumbering(pattern=re.compile(pattern), template=_DIGIT.sub("{}", target))


def _renumberings() -> dict[str, list[Renumbering]]:
    """Return all rows in both directions, by the first three characters of a number: `+22`."""
    table: dict[str, list[Renumbering]] = {}
    with Path(__file__).with_name("renumbering.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows = table.setdefault(row["old"][:_PREFIX_LENGTH], [])
            rows += [_renumbering(row["old"], row["new"]), _renumbering(row["new"], row["old"])]
    return table


_RENUMBERINGS = _renumberings()


def renumbered(number: str) -> tuple[str, ...]:
    """Return the other E.164 texts that a number in E.164 has or had; () if none are known.

    >>> renumbered("+2250707123456"), renumbered("+22507123456"), renumbered("+33612345678")
    (('+22507123456',), ('+2250707123456',), ())
    """
    rows = _RENUMBERINGS.get(number[:_PREFIX_LENGTH], ())
    return tuple(other for renumbering in rows if (other := renumbering.from_row(number)))
