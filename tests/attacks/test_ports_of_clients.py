"""A client has one rate limit, even if a proxy writes the client's port into X-Forwarded-For."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask

from suppression.domain.users.networks import network_of
from suppression.storage.engine.database import disconnect
from suppression.wiring.whole import create_app
from tests.conftest import Clock
from tests.databases import Database

WRITTEN = ("203.0.113.8:{}", "[2001:db8::8]:{}", "[::ffff:203.0.113.8]:{}")


@pytest.fixture
def behind_a_proxy(database: Database, clock: Clock) -> Iterator[Flask]:
    settings = database.settings()
    few = dataclasses.replace(settings, trusted_proxies=1, rate_limit_per_address="3/minute")
    built = create_app(few, clock=clock, database_clock=clock)
    yield built
    with built.app_context():
        disconnect()


@pytest.mark.parametrize("written", WRITTEN)
def test_a_client_has_one_limit_whatever_its_port(behind_a_proxy: Flask, written: str) -> None:
    client = behind_a_proxy.test_client()
    sent = [{"X-Forwarded-For": written.format(40_000 + number)} for number in range(5)]
    assert [client.get("/stop", headers=headers).status_code for headers in sent] == [200] * 3 + [
        429
    ] * 2


@pytest.mark.parametrize("bits", [24, 32])
def test_a_network_is_the_same_with_and_without_a_port(bits: int) -> None:
    """Sign-ins count per network, so with ports a guesser had four free guesses for each port."""
    bare = network_of("203.0.113.8", ipv4=bits)
    assert {network_of(address.format(7), ipv4=bits) for address in WRITTEN[::2]} == {bare}


@pytest.mark.parametrize("text", ["", "[]", "[]:1", "203.0.113.8:", "203.0.113.8:x", "[nowhere]:1"])
def test_what_is_no_address_stands_for_itself(text: str) -> None:
    assert network_of(text) == text
