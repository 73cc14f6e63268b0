"""Every line of tests/vectors/decisions.csv, which a lawyer can read, against the domain."""

from __future__ import annotations

import csv

import pytest

from suppression.domain.policy_testing.cases import (
    PolicyTestCase,
    describe_result,
    policies_for,
    run_case,
)
from suppression.domain.vocabulary import Decision
from tests.domain.checks.decision_table import TABLE, cases

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_is_decided_as_the_law_says(case: PolicyTestCase) -> None:
    got = run_case(case, policies_for(case))
    assert (describe_result(got, case.zone), got) == (
        describe_result(case.expected, case.zone),
        case.expected,
    )


def test_there_are_enough_cases_and_each_names_its_law() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) >= 140
    assert [row["case"] for row in rows if not row["law"]] == []
    assert len({row["case"] for row in rows}) == len(rows)


def test_the_table_has_each_decision_in_numbers() -> None:
    counted = {
        decision: sum(case.expected.decision == decision for case in CASES) for decision in Decision
    }
    assert counted[Decision.ALLOW] > 60
    assert counted[Decision.DENY] > 60
    assert counted[Decision.UNKNOWN] > 3
