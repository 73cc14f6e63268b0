"""Many simultaneous requests double nothing, lock nothing out, and do not get stuck."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from suppression.domain.vocabulary import EntryType
from tests.api import Api
from tests.databases import BACKENDS, SQLITE
from tests.e2e.conftest import Call, Serve
from tests.e2e.people import target
from tests.e2e.tables import entries, number_of_rows
from tests.e2e.together import together

EMAIL = "jean.dupont@example.fr"
STOP = {"identifiers": [{"kind": "email", "value": EMAIL}], "channels": ["email"]}
POSTGRESQL = [name for name in BACKENDS if name != SQLITE]


def test_fifty_identical_stops_over_http_are_one(app: Flask, serve: Serve, call: Call) -> None:
    caller = call(serve().url)
    statuses = together(50, lambda _: caller.post("/v1/suppressions", STOP).status_code)
    _assert_one_stop(app, statuses)


def test_fifty_identical_stops_of_threads_are_one(app: Flask, key: str, seen: set[str]) -> None:
    callers = [Api(app, key, seen) for _ in range(50)]
    statuses = together(50, lambda turn: callers[turn].post("/v1/suppressions", STOP).status_code)
    _assert_one_stop(app, statuses)


def _assert_one_stop(app: Flask, statuses: list[int]) -> None:
    assert Counter(statuses) == {201: 1, 200: 49}
    assert number_of_rows(app) == 1
    kinds = Counter(entries(app))
    assert kinds[EntryType.STOP] == 1
    assert kinds.keys() <= {EntryType.STOP, EntryType.REPEATED}


@pytest.mark.parametrize("backend", [SQLITE])
def test_twenty_writers_on_sqlite_never_find_it_locked(
    app: Flask, serve: Serve, call: Call
) -> None:
    servers = serve(), serve()
    callers = [call(server.url) for server in servers]

    def write(writer: int) -> list[int]:
        targets = [target(100 * writer + turn) for turn in range(20)]
        return [
            callers[(writer + turn) % 2].stop(target.kind, target.value).status_code
            for turn, target in enumerate(targets)
        ]

    assert together(20, write) == [[201] * 20] * 20
    assert "database is locked" not in servers[0].log.read_text()
    assert Counter(entries(app))[EntryType.STOP] == number_of_rows(app)


def test_one_idempotency_key_gives_one_reference(app: Flask, serve: Serve, call: Call) -> None:
    callers = [call(serve().url) for _ in range(2)]
    headers = {"Idempotency-Key": "letter-of-3-november"}

    def send(turn: int) -> tuple[int, str]:
        response = callers[turn % 2].post("/v1/suppressions", STOP, headers)
        return response.status_code, response.text

    answers = Counter(together(30, send))
    busy = {answer for answer in answers if answer[0] == 409}
    assert all("urn:suppression:problem:idempotency-key-busy" in text for _, text in busy)
    assert [status for status, _ in answers.keys() - busy] == [201]
    assert entries(app) == [EntryType.STOP]


@pytest.mark.parametrize("backend", POSTGRESQL)
def test_lists_in_opposite_orders_never_block_each_other(
    app: Flask, serve: Serve, call: Call
) -> None:
    callers = [call(serve().url) for _ in range(2)]
    people = [target(number) for number in range(8)]
    identifiers = [{"kind": person.kind, "value": person.value} for person in people]

    def send(turn: int) -> list[int]:
        ordered = identifiers[:: -1 if turn % 2 else 1]
        stop = {"identifiers": ordered[turn % 3 :], "channels": "all"}
        release = stop | {"why": "mistake", "reasons": ["objection"]}
        post = callers[turn // 2 % 2].post
        return [
            post(f"/v1/suppressions{path}", body).status_code
            for path, body in [("", stop), ("/release", release)] * 6
        ]

    statuses = {status for sent in together(6, send) for status in sent}
    assert statuses <= {200, 201}
    assert number_of_rows(app) == 12
