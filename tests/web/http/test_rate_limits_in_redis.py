"""Several processes count limits together in Redis, and each alone when Redis is away."""

from __future__ import annotations

import dataclasses
import socket
import time
from collections.abc import Iterator

import pytest

from suppression.wiring.whole import create_app
from tests.api import Api
from tests.databases import Database
from tests.redis_server import RedisServer, redis_server

CHECK = {"channel": "email", "identifier": "jean.dupont@example.fr"}
ADDRESS = "203.0.113.77"


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


def process(database: Database, api: Api, url: str) -> Api:
    """Return the Api of one of several processes of a service, whose limits are in Redis."""
    settings = dataclasses.replace(
        database.settings(),
        rate_limit_storage=url,
        rate_limit_per_key="3/hour",
        rate_limit_per_address="3/hour",
        trusted_proxies=1,
    )
    return Api(create_app(settings), api.key, api.seen)


def statuses(*callers: Api) -> list[int]:
    return [api.post("/v1/checks", CHECK).status_code for api in callers]


def test_two_processes_count_together(database: Database, api: Api, server: RedisServer) -> None:
    first, second = (process(database, api, server.url) for _ in range(2))
    assert statuses(first, second, first, second) == [200, 200, 200, 429]


def test_neither_a_key_nor_an_address_stands_in_redis(
    database: Database, api: Api, server: RedisServer
) -> None:
    caller = process(database, api, server.url)
    statuses(caller)
    caller.client.get("/u/x", headers={"X-Forwarded-For": ADDRESS})
    dump = server.dump()
    assert dump.count("LIMITS") == 2
    assert caller.key not in dump
    assert ADDRESS not in dump


def test_a_redis_that_was_never_there_stops_nothing(database: Database, api: Api) -> None:
    caller = process(database, api, "redis://127.0.0.1:1/0")
    assert statuses(*[caller] * 4) == [200, 200, 200, 429], "it counts in memory instead"


def test_a_redis_that_goes_away_stops_nothing_and_is_used_again(
    database: Database, api: Api, server: RedisServer
) -> None:
    first, second = (process(database, api, server.url) for _ in range(2))
    assert statuses(first, second, first) == [200, 200, 200]
    server.stop()
    assert statuses(first, first, first, first) == [200, 200, 200, 429]
    server.start()
    until = time.monotonic() + 60
    while "LIMITS" not in server.dump() and time.monotonic() < until:
        time.sleep(0.2)
        assert first.post("/v1/checks", CHECK).status_code in {200, 429}
    assert statuses(second, second, second)[-1] == 429


def test_a_redis_that_does_not_answer_costs_a_second_once(database: Database, api: Api) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        caller = process(database, api, f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        started = time.monotonic()
        assert statuses(caller, caller) == [200, 200]
        assert time.monotonic() - started < 5
