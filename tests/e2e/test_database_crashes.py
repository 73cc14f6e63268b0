"""No acknowledged stop is lost when PostgreSQL crashes, or restarts, amid stops and checks."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from flask import Flask

from tests.databases import Database, migrate
from tests.e2e.conftest import Call, Serve
from tests.e2e.streams import FREE, Answered, Stream, not_denied, streaming
from tests.e2e.tables import in_force, replayed
from tests.leaks import leaks
from tests.length import length, long_run
from tests.postgres.installations import Installation, installations
from tests.postgres.running import RunningServer, running_server

STOPS = length(100, long=1_000)  # acknowledged before the crash
VERSIONS = installations()[: length(1, long=9)]
"""The installations of PostgreSQL to test: the newest, in a long run the older ones too."""
Mode = Literal["fast", "immediate"]
MODES: list[Mode] = ["immediate", "fast"] if long_run() else ["immediate"]


@pytest.mark.parametrize("mode", MODES)
def test_a_crash_of_the_database_loses_nothing_and_is_only_ever_a_503(
    mode: Mode, crashing: RunningServer, app: Flask, serve: Serve, call: Call
) -> None:
    caller = call(serve().url)
    with streaming(caller, checkers=2) as stream:
        stream.wait(lambda: len(stream.acknowledged()) >= STOPS)
        outage = _crash_and_recover(crashing, stream, mode)
    answers = stream.stops + stream.checks
    assert {answered.status for answered in answers if outage.covers(answered)} == {503}
    assert [answered for answered in answers if not outage.explains(answered, answers)] == []
    assert [answered for answered in stream.checks if not _true(answered)] == []
    assert not_denied(caller, stream.acknowledged()) == []
    assert replayed(app) == in_force(app)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """The times at which the database was told to stop, had stopped, and was told to start."""

    began: float
    gone: float
    returning: float

    def covers(self, answered: Answered) -> bool:
        """Return whether the database was away during the whole request."""
        return answered.began > self.gone and answered.ended < self.returning

    def explains(self, answered: Answered, answers: list[Answered]) -> bool:
        """Return whether an answer is a success, or a 503 that the outage explains.

        A 503 is explained if it ended after the outage began, and began before the first success
        after it.
        """
        if answered.status in {200, 201}:
            return True
        first = min(
            other.ended for other in answers if other.began > self.gone and other.status < 300
        )
        return answered.status == 503 and answered.ended > self.began and answered.began < first


def _crash_and_recover(crashing: RunningServer, stream: Stream, mode: Mode) -> Outage:
    """Stop the server, wait for refused stops and checks, start it, and wait for stored stops."""
    began = time.monotonic()
    crashing.stop(mode)
    gone = time.monotonic()
    stops, checks = len(stream.stops), len(stream.checks)
    stream.wait(lambda: len(stream.stops) >= stops + 20 and len(stream.checks) >= checks + 10)
    returning = time.monotonic()
    crashing.start()
    stored = len(stream.acknowledged())
    stream.wait(lambda: len(stream.acknowledged()) >= stored + 150)
    return Outage(began=began, gone=gone, returning=returning)


def _true(answered: Answered) -> bool:
    """Return whether a check's decision is right, or `unknown` with another status than 200."""
    if answered.status == 200:
        return answered.decision == ("allow" if answered.number >= FREE else "deny")
    return answered.decision == "unknown"


@pytest.fixture(params=VERSIONS, ids=lambda installation: installation.name)
def crashing(request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    """Yield a PostgreSQL server of this test, whose commits survive a crash."""
    installation: Installation = request.param
    with running_server(installation, durable=True) as running:
        yield running


@pytest.fixture
def database(crashing: RunningServer, seen: set[str], logs: io.StringIO) -> Iterator[Database]:
    """Yield a migrated database on that server; at the end, fail if it or the log leaks."""
    crashing.server.create_database("crashing")
    created = Database(crashing.server.name, crashing.server.url_for("crashing"))
    migrate(created.url)
    yield created
    assert not leaks(created.dump() + logs.getvalue(), seen)
