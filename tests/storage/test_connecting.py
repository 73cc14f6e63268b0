"""Connecting to a database ends in time, even if its host's name is never resolved."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.engine.connection_limits import stores_a_stop
from suppression.storage.engine.database import disconnect, reading
from suppression.wiring.whole import create_app
from tests.databases import settings_for

HOST = "database.invalid"
TIMEOUT = 2.0


@pytest.fixture(params=[None, False, True], ids=["command", "check", "stop"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Yield an application on HOST, as in a command, a check, or a request that stores stops."""
    built = create_app(settings_for(f"postgresql+psycopg2://u:p@{HOST}:5432/d"))
    outside = stores_a_stop.set(request.param)
    with built.app_context():
        yield built
        disconnect()
    stores_a_stop.reset(outside)


def test_a_name_that_is_never_resolved_costs_two_seconds(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        over.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    assert "the name of the host cannot be resolved" in reason(app)
    assert took(app) < TIMEOUT, "who comes next does not wait again"
    over.set()


def test_a_name_that_resolves_to_nothing_is_said_to(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "the name of the host cannot be resolved" in reason(app)


def test_each_address_of_a_name_is_tried(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as closed:
        port = closed.getsockname()[1]
    built = create_app(settings_for(f"postgresql+psycopg2://u:p@{HOST}:{port}/d"))
    entries: list[Any] = [(2, 1, 6, "", (address, 0)) for address in ("127.0.0.1", "127.0.0.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    del app
    with built.app_context():
        assert "nothing listens there" in reason(built)
        disconnect()


@pytest.mark.parametrize(
    "hosts", ["{silent}:{port},127.0.0.1:{port}", "127.0.0.1:{port},{silent}:{port}"]
)
def test_a_name_in_a_list_that_is_never_resolved_does_not_hide_the_others(
    hosts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver once resolved a list of names itself, and waited for them without an end."""
    over = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as closed:
        port = closed.getsockname()[1]

    def hang(*_: object, **__: object) -> list[Any]:
        over.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    listed = hosts.format(silent=HOST, port=port).split(",")
    query = "&".join(f"host={place}" for place in listed)
    built = create_app(settings_for(f"postgresql+psycopg2://u:p@/d?{query}"))
    with built.app_context():
        begun = time.monotonic()
        assert "nothing listens there" in reason(built)
        assert time.monotonic() - begun < 2 * TIMEOUT
        disconnect()
    over.set()


def test_the_port_of_the_environment_counts_for_a_name_too(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    del app
    entries: list[Any] = [(2, 1, 6, "", ("127.0.0.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    built = create_app(settings_for(f"postgresql+psycopg2://u:p@{HOST}/d"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PGPORT", str(server.getsockname()[1]))
        server.settimeout(2 * TIMEOUT)
        with ThreadPoolExecutor(1) as pool:
            failed = pool.submit(reason, built)
            server.accept()[0].close()
            assert failed.result()
    with built.app_context():
        disconnect()


def test_an_engine_that_is_not_ours_connects_as_it_would() -> None:
    """The listener gets every engine of the process, also those of other programs in it."""
    stranger = create_engine("postgresql+psycopg2://u:p@127.0.0.1:1/d")
    with pytest.raises(OperationalError, match="refused"):
        stranger.connect()


def reason(app: Flask) -> str:
    """Return the reason why the application's database cannot be used."""
    with app.app_context(), pytest.raises(DatabaseUnavailableError) as caught, reading():
        pass
    return caught.value.for_operator


def took(app: Flask) -> float:
    """Return the seconds until the application reports that its database cannot be used."""
    begun = time.monotonic()
    reason(app)
    return time.monotonic() - begun
