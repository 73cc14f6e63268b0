"""Fixtures: servers in processes of their own on the test's database, with logs without leaks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from suppression.wiring.core import system_clock
from tests.api import make_controller, make_key
from tests.databases import Database
from tests.e2e.caller import Caller
from tests.e2e.gunicorn_server import Gunicorn, gunicorn
from tests.keys import MASTER_KEYS_TEXT
from tests.leaks import leaks

# At DEBUG, urllib3 would log each request into the log that is searched for leaks of the service.
logging.getLogger("urllib3").setLevel(logging.WARNING)

# The limit is high because rate limits have tests of their own.
SETTINGS = {
    "WEB_CONCURRENCY": "1",
    "LOG_LEVEL": "DEBUG",
    "RATE_LIMIT_PER_KEY": "1000/second",
}
Serve = Callable[[], Gunicorn]
Call = Callable[[str], Caller]


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """Return the real clock, because processes of their own have no other."""
    return system_clock


@pytest.fixture
def key(app: Flask) -> str:
    """Return an API key of the new controller `okwind`, with every scope."""
    return make_key(app, make_controller(app, "okwind"))


@pytest.fixture
def serve(database: Database, seen: set[str], key: str, tmp_path: Path) -> Iterator[Serve]:
    """Yield a function that starts a server on the test's database at each call.

    At the end, fail if their log contains an identifier, the API key or the master key.
    """
    with ExitStack() as servers:
        yield lambda: servers.enter_context(gunicorn(database, tmp_path, **SETTINGS))
    assert not leaks(
        (tmp_path / "log").read_text(), seen | {key, MASTER_KEYS_TEXT.partition(":")[2]}
    )


@pytest.fixture
def call(seen: set[str], key: str) -> Iterator[Call]:
    """Yield a function that makes a Caller of the server at an address."""
    with ExitStack() as callers:

        def make(address: str) -> Caller:
            caller = Caller(address, key, seen)
            callers.callback(caller.close)
            return caller

        yield make
