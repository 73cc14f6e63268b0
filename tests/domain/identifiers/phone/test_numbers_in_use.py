"""A number with a missing digit is recognised as one that nobody can have."""

from __future__ import annotations

import pytest

from suppression.domain.identifiers.display import display, is_a_number_in_use
from suppression.domain.vocabulary import Kind


@pytest.mark.parametrize(
    ("typed", "used"),
    [("06 12 34 56 78", True), ("0692 12 34 56", True), ("06 12 34 56 7", False)],
)
def test_a_number_with_a_digit_missing_is_nobody_s(typed: str, used: bool) -> None:  # noqa: FBT001 - a table
    assert is_a_number_in_use(display(Kind.PHONE, typed, region="FR")) is used
