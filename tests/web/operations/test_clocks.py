"""A machine whose clock differs from the database's reports it, and keeps working."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from suppression.cli import worker
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.conftest import Clock
from tests.databases import Database
from tests.web.api.test_links import click, link
from tests.web.operations.test_metrics import BEARER, TOKEN

EMAIL = "jean.dupont@example.fr"
OFF = "clock is off the database's"


class Machine:
    """The clock of a machine, which is `ahead` of the database's."""

    def __init__(self, right: Clock) -> None:
        self.right, self.ahead = right, timedelta()

    def __call__(self) -> datetime:
        """Return the machine's time."""
        return self.right.now + self.ahead


@pytest.fixture
def machine(clock: Clock) -> Machine:
    return Machine(clock)


@pytest.fixture
def here(database: Database, api: Api, clock: Clock, machine: Machine) -> Api:
    """Return an Api of a service on that machine."""
    settings = dataclasses.replace(database.settings(), metrics_token=TOKEN)
    return Api(create_app(settings, clock=machine, database_clock=clock), api.key, api.seen)


def ready(api: Api) -> tuple[int, str]:
    """Return the status of /readyz and its verdict on the clock."""
    answer = api.send("GET", "/readyz")
    return answer.status_code, answer.get_json()["clock"]


def gauge(api: Api) -> float:
    """Return the metric of the seconds by which the machine's clock is ahead."""
    text = api.send("GET", "/metrics", headers=BEARER).get_data(as_text=True)
    name = "suppression_clock_ahead_seconds "
    (line,) = [line for line in text.splitlines() if line.startswith(name)]
    return float(line.removeprefix(name))


@pytest.mark.parametrize(("seconds", "said"), [(2, "ok"), (2.5, "off"), (-2, "ok"), (-2.5, "off")])
def test_more_than_two_seconds_are_told_and_still_ready(
    here: Api, machine: Machine, seconds: float, said: str
) -> None:
    assert ready(here) == (200, "ok")
    machine.ahead = timedelta(seconds=seconds)
    assert ready(here) == (200, said)
    assert gauge(here) == seconds
    machine.ahead = timedelta()
    assert (ready(here), gauge(here)) == ((200, "ok"), 0)


def test_it_is_logged_once_and_again_when_it_is_over(
    here: Api, machine: Machine, logs: io.StringIO
) -> None:
    machine.ahead = timedelta(seconds=-40)
    for _ in range(3):
        ready(here)
        gauge(here)
    assert logs.getvalue().count(OFF) == 1
    assert '"ahead_seconds": -40.0' in logs.getvalue()
    assert '"level": "WARNING"' in logs.getvalue()
    machine.ahead = timedelta()
    for _ in range(2):
        ready(here)
    assert logs.getvalue().count("clock agrees with the database's again") == 1
    machine.ahead = timedelta(hours=1)
    ready(here)
    assert logs.getvalue().count(OFF) == 2


def test_one_that_wavers_about_the_limit_is_told_of_once(
    here: Api, machine: Machine, logs: io.StringIO
) -> None:
    for seconds in (2.1, 1.9, 2.1, 1.1):
        machine.ahead = timedelta(seconds=seconds)
        assert ready(here) == (200, "off")
    assert logs.getvalue().count(OFF) == 1
    machine.ahead = timedelta(seconds=1)
    assert ready(here) == (200, "ok")


@pytest.mark.parametrize("hours", [-1, 1])
def test_it_refuses_no_click(here: Api, machine: Machine, hours: int, clock: Clock) -> None:
    machine.ahead = timedelta(hours=hours)
    assert ready(here) == (200, "off")
    assert click(here, link(here)).status_code == 200
    (row,) = here.search("email", EMAIL)["in_force"]
    assert row["since"] == clock.now.isoformat().replace("+00:00", "Z")
    assert here.decision("email", EMAIL) == "deny"


def test_of_a_database_that_is_away_no_clock_is_known(here: Api, database: Database) -> None:
    away = database.url.replace("/list.db", "/gone/list.db").replace("/test_", "/gone_")
    settings = dataclasses.replace(database.settings(), database_url=away)
    here.client = create_app(settings).test_client()
    assert ready(here) == (503, "unknown")


def test_a_worker_looks_at_its_clock_too(
    here: Api, machine: Machine, logs: io.StringIO, app: Flask
) -> None:
    machine.ahead = timedelta(seconds=3)
    watch: Callable[[], None] = worker._watch_clock  # noqa: SLF001 - its loop has no end
    for _ in range(2):
        with here.app.app_context():
            watch()
    assert logs.getvalue().count(OFF) == 1
    with app.app_context():
        watch()
    assert logs.getvalue().count(OFF) == 1, "of a clock that is right nothing is said"
