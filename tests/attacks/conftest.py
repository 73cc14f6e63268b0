"""Machines of one service, each with a clock of its own, and browsers of the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from suppression.storage.engine.database import disconnect
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.databases import Database
from tests.web.console.conftest import browser_as, clerk, dpo, okonect, okwind

__all__ = ["browser_as", "clerk", "dpo", "machines", "okonect", "okwind"]

Machines = Callable[..., Api]
"""`machines(seconds=25)` is a caller through a machine whose clock is 25 s fast.

`machines(later=True, hours=2)` is one in two hours, by the database's clock too.
"""


@pytest.fixture
def machines(database: Database, french_api: Api) -> Iterator[Machines]:
    """Makes callers with one key, each through a machine whose clock is off by so much."""
    made: dict[tuple[timedelta, bool], Flask] = {}

    def through(*, later: bool = False, **ahead: float) -> Api:
        off = timedelta(**ahead)

        def clock() -> datetime:
            return datetime.now(UTC) + off

        if (off, later) not in made:
            there = clock if later else None
            made[off, later] = create_app(database.settings(), clock=clock, database_clock=there)
        return Api(made[off, later], french_api.key, french_api.seen)

    yield through
    for app in made.values():
        with app.app_context():
            disconnect()
