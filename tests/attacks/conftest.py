"""Fixtures: machines of one service, each with a clock of its own, and browsers of the console."""

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
"""A function that returns an Api of a machine of the service.

The clock of `machines(seconds=25)` is 25 s fast; the database's clock is right. For
`machines(later=True, hours=2)` both clocks are two hours ahead.
"""


@pytest.fixture
def machines(database: Database, french_api: Api) -> Iterator[Machines]:
    """Yield a function that makes an Api of a machine with the wanted clock; all share one key."""
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
