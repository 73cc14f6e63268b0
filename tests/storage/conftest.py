"""Fixture: the tests of storage run on every installed PostgreSQL, not only on the newest."""

from __future__ import annotations

import pytest

from tests.databases import EVERY_BACKEND


@pytest.fixture(params=EVERY_BACKEND)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
