"""The contract takes the same references of callers as the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from suppression.domain.controllers.model import valid_ref
from suppression.domain.errors import InvalidValueError

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
PATTERNS = sorted(set(re.findall(r'pattern: "(\^\(\?!\[_[^"]*)"', CONTRACT.read_text())))


def test_two_lengths_are_in_the_contract() -> None:
    assert [pattern.rpartition("{")[2] for pattern in PATTERNS] == ["1,32}$", "1,64}$"]


@pytest.mark.parametrize("pattern", PATTERNS)
@given(ref=st.text("0019_.:-aZ", min_size=1, max_size=32))
@example(ref="01-23-45-67-89")
@example(ref="_0:0")
@example(ref="33612345678")
def test_a_reference_is_in_the_contract_if_it_is_taken(pattern: str, ref: str) -> None:
    """The contract took a number with dots between its digits, which the code refuses."""
    try:
        valid_ref(ref, pointer="/ref")
    except InvalidValueError:
        assert not re.fullmatch(pattern, ref)
    else:
        assert re.fullmatch(pattern, ref)
