"""Machines of one service, each with a clock of its own, and browsers of the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from suppression.storage.engine.database import disconnect
from suppression.wiring import create_app
from tests.api import Api
from tests.databases import Database
from tests.web.console.conftest import browser_as, clerk, dpo, okonect, okwind

__all__ = ["browser_as", "clerk", "dpo", "machines", "okonect", "okwind"]

Machines = Callable[..., Api]
"""`machines(seconds=25)` is a caller through a machine whose clock is 25 s fast."""


@pytest.fixture
def machines(database: Database, french_api: Api) -> Iterator[Machines]:
    """Makes callers with one key, each through a machine whose clock is off by so much."""
    made: dict[timedelta, Flask] = {}

    def through(**ahead: float) -> Api:
        off = timedelta(**ahead)
        if off not in made:
            made[off] = create_app(database.settings(), clock=lambda: datetime.now(UTC) + off)
        return Api(made[off], french_api.key, french_api.seen)

    yield through
    for app in made.values():
        with app.app_context():
            disconnect()
