"""Storage is tested on every PostgreSQL that is there, not on the newest alone."""

from __future__ import annotations

import pytest

from tests.databases import EVERY_BACKEND


@pytest.fixture(params=EVERY_BACKEND)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
