"""tests/vectors/decisions.csv as cases."""

from __future__ import annotations

from pathlib import Path

from suppression.domain.policy_testing.cases import PolicyTestCase, read_cases

TABLE = Path(__file__).parents[2] / "vectors" / "decisions.csv"


def cases() -> list[PolicyTestCase]:
    """Every line of the table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return read_cases(lines)
