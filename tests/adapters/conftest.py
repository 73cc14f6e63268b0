"""Fixtures of the tests of adapters, which hash passwords at the product's real cost."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def passwords_cost() -> None:
    """Replace the fixture that lowers the cost of passwords in all other tests."""
