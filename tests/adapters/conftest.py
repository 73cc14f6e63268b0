"""What an adapter costs is the product's own choice here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def passwords_cost() -> None:
    """A password costs what it costs the product."""
