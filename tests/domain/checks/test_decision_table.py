"""The domain decides every case of tests/vectors/decisions/, a table that lawyers can read."""

from __future__ import annotations

import pytest

from suppression.domain.policy_testing.cases import (
    PolicyTestCase,
    describe_result,
    policies_for,
    run_case,
)
from suppression.domain.vocabulary import Decision
from tests.domain.checks.decision_table import cases, files, rows_of, shared_values

CASES = cases()
# Columns that each line of a table has, even if its cells do not differ.
ALWAYS = {"case", "at", "decision"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_is_decided_as_the_law_says(case: PolicyTestCase) -> None:
    got = run_case(case, policies_for(case))
    assert (describe_result(got, case.zone), got) == (
        describe_result(case.expected, case.zone),
        case.expected,
    )


def test_there_are_enough_cases_and_each_names_its_law() -> None:
    rows = [row for file in files() for row in rows_of(file)]
    assert len(rows) >= 300
    assert [row["case"] for row in rows if not row["law"]] == []
    assert len({row["case"] for row in rows}) == len(rows)


def test_readme_has_a_line_for_each_file_of_cases_and_no_other() -> None:
    assert set(shared_values()) - {""} == {file.name for file in files()}


def test_a_file_has_only_columns_that_differ_among_its_cases() -> None:
    alike = []
    for file in files():
        own = file.read_text("utf-8").partition("\n")[0].split(",")
        rows = rows_of(file)
        alike += [
            f"{file.name}: {column}"
            for column in own
            if column not in ALWAYS and len({row[column] for row in rows}) == 1
        ]
    assert alike == []


def test_readme_and_a_file_never_say_the_same_column_twice() -> None:
    shared = shared_values()
    assert [
        f"{file.name}: {column}"
        for file in files()
        for column in file.read_text("utf-8").partition("\n")[0].split(",")
        if column in shared[file.name]
    ] == []


def test_the_table_has_each_decision_in_numbers() -> None:
    counted = {
        decision: sum(case.expected.decision == decision for case in CASES) for decision in Decision
    }
    assert counted[Decision.ALLOW] > 60
    assert counted[Decision.DENY] > 60
    assert counted[Decision.UNKNOWN] > 3
