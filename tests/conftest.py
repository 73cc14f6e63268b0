"""Fixtures of all tests: a service on each database, a clock to set, and a search for leaks."""

from __future__ import annotations

import io
import logging
import sqlite3
from collections.abc import Callable, Iterator
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MethodType
from typing import Any
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from suppression.adapters.crypto import passwords
from suppression.adapters.observability.json_logging import JsonFormatter
from suppression.domain.vocabulary import Preset
from suppression.storage.engine.database import disconnect
from suppression.wiring.whole import create_app
from tests.api import Api, make_controller, make_key
from tests.databases import BACKENDS, Database, migrated_database
from tests.leaks import leaks
from tests.length import long_run

pytest_plugins = ["tests.postgres.plugin", "tests.docs.plugin", "tests.plugin"]

# benchmarks/ measures how long an example takes, and how many examples hypothesis discards is luck:
# on a busy machine either check would fail by chance.
settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("long", settings.get_profile("untimed"), max_examples=1000)
settings.load_profile("long" if long_run() else "untimed")


@event.listens_for(Engine, "connect")
def _trust_the_power(connection: object, _record: object) -> None:
    """Let SQLite commit without waiting for the disk, because no test cuts the power.

    The product's own listener has set `synchronous = FULL` before; servers that tests start as
    processes of their own keep it.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session", autouse=True)
def compiled_routes() -> Iterator[None]:
    """Compile each route once for all applications: it takes over half of the time to make one."""
    compile_rule = Rule.compile
    compiled: dict[str, dict[str, Any]] = {}

    def compile_once(rule: Rule) -> None:
        written = repr((rule.rule, rule.subdomain, rule.host, rule.defaults, rule.merge_slashes))
        if written not in compiled:
            compile_rule(rule)
            compiled[written] = vars(rule)
            return
        known = compiled[written]
        for name in ("_parts", "_trace", "_converters", "arguments"):
            setattr(rule, name, copy(known[name]))
        for name in ("_build", "_build_unknown"):
            setattr(rule, name, MethodType(known[name].__func__, rule))

    with patch.object(Rule, "compile", compile_once):
        yield


class Clock:
    """A clock whose time changes only when a test calls `turn`."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the clock's time, in UTC."""
        return self.now

    def turn(self, **by: float) -> None:
        """Move the clock by a timedelta, given by its keyword arguments such as `hours=1`."""
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def passwords_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords by Argon2id at the lowest cost; tests/adapters keeps the product's cost."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("thrown away"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seen() -> set[str]:
    """Return the set to which a test adds every identifier that it sends."""
    return set()


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """Yield the text of everything that is logged, at DEBUG, in the JSON format of production."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(backend: str, tmp_path: Path, seen: set[str], logs: io.StringIO) -> Iterator[Database]:
    """Yield a migrated database; at the end, fail if it or the log has an identifier of `seen`."""
    with migrated_database(backend, tmp_path) as fresh:
        yield fresh
        assert not leaks(fresh.dump() + logs.getvalue(), seen)


@pytest.fixture
def app(database: Database, clock: Clock) -> Iterator[Flask]:
    built = create_app(database.settings(), clock=clock, database_clock=clock)
    yield built
    with built.app_context():
        disconnect()


@pytest.fixture
def new_api(app: Flask, seen: set[str]) -> Callable[..., Api]:
    """Return a function that creates a controller and returns an Api with all scopes."""

    def make(slug: str = "okwind", preset: Preset = Preset.OBJECTION_ONLY) -> Api:
        return Api(app, make_key(app, make_controller(app, slug, preset)), seen)

    return make


@pytest.fixture
def api(new_api: Callable[..., Api]) -> Api:
    """Return an Api of the controller `okwind`, whose preset is `objection-only`."""
    return new_api()


@pytest.fixture
def french_api(new_api: Callable[..., Api]) -> Api:
    """Return an Api of the controller `okonect`, whose preset is `fr-2026`."""
    return new_api("okonect", Preset.FR_2026)
