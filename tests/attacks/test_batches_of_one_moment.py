"""A batch that takes several SQL statements is answered from one snapshot of the database."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest
from flask import Flask

from suppression.domain.errors import DatabaseUnavailableError
from suppression.storage.checks import active_rows
from suppression.storage.checks.snapshots import one_snapshot
from suppression.storage.engine.prepared_statements import (
    Reader,
    Statement,
    execute,
    reader_connection,
)
from tests.api import Api
from tests.databases import SQLITE

MANY = 1200
"""More addresses than one SQLite statement takes; each has one fingerprint."""


def test_a_stop_that_comes_between_two_statements_of_a_batch_counts_for_none_of_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop that moved to another row in between was in neither: a wrong allow."""
    monkeypatch.setattr(active_rows, "_CHUNK", {"sqlite": 500, "postgresql": 500})
    people = [f"person-{number}@example.fr" for number in range(MANY)]
    others = Api(api.app, api.key, api.seen)
    coming = [people[start : start + 100] for start in range(0, MANY, 100)]

    def execute_then_stop(*given: Any) -> Any:  # noqa: ANN401 - passed on
        rows = execute(*given)
        while coming:
            named = [{"kind": "email", "value": person} for person in coming.pop()]
            body = {"identifiers": named, "channels": "all"}
            assert others.post("/v1/suppressions", body).status_code == 201
        return rows

    monkeypatch.setattr(active_rows, "execute", execute_then_stop)
    batch = {"channel": "email", "identifiers": people}
    assert set(api.post("/v1/checks/batch", batch).get_json()["decisions"]) == {"A"}
    assert set(api.post("/v1/checks/batch", batch).get_json()["decisions"]) == {"D"}


@pytest.mark.parametrize("first_stopped", ["house", "person"])
def test_whoever_is_stopped_throughout_is_denied_however_many_statements_it_takes(
    api: Api, monkeypatch: pytest.MonkeyPatch, first_stopped: str
) -> None:
    """The stop of a house becomes one of its resident, or the other way round, between two."""
    monkeypatch.setattr(active_rows, "_CHUNK", {"sqlite": 1, "postgresql": 1})
    others = Api(api.app, api.key, api.seen)
    for cut in range(1, 30):
        house = {"street": f"{cut} rue de la Paix", "postcode": "75002"}
        person = house | {"name": "Jean Dupont"}
        move = Move(others, house, person, after=cut)
        if first_stopped == "person":
            move = Move(others, person, house, after=cut)
        others.stop("postal", move.old)
        monkeypatch.setattr(active_rows, "execute", move.execute)
        answer = api.post("/v1/checks/batch", {"channel": "post", "identifiers": [person]})
        monkeypatch.setattr(active_rows, "execute", execute)
        assert answer.get_json()["decisions"] == "D", cut
        if cut >= move.statements:
            break
    assert move.statements > 1


class Move:
    """A stop that is stored for `new` and lifted for `old` after so many statements of a check."""

    def __init__(self, api: Api, old: object, new: object, *, after: int) -> None:
        self.api, self.old, self.new, self.after = api, old, new, after
        self.statements = 0

    def execute(self, *given: Any) -> Any:  # noqa: ANN401 - passed on
        """Execute a statement; after the last before the move, move the stop."""
        rows = execute(*given)
        self.statements += 1
        if self.statements == self.after:
            assert self.api.stop("postal", self.new).status_code == 201
            released = self.api.release("postal", self.old, channels="all", reasons=["objection"])
            assert len(released.get_json()["released"]) == 1
        return rows


def test_a_snapshot_that_is_lost_with_its_connection_is_an_outage(app: Flask, backend: str) -> None:
    """A new connection would see a later moment; the next reading has one of its own."""
    if backend == SQLITE:
        pytest.skip("SQLite has no server that ends a connection")
    with app.app_context():
        with pytest.raises(DatabaseUnavailableError):
            lose_a_snapshot(app)
        with reader_connection() as reader:
            end_connection(app, process_of(reader))
            with one_snapshot(reader):  # nothing was read yet: a new connection will do
                assert process_of(reader) == process_of(reader)


def lose_a_snapshot(app: Flask) -> None:
    """Read twice in one snapshot; the connection ends in between."""
    with reader_connection() as reader, one_snapshot(reader):
        end_connection(app, process_of(reader))
        process_of(reader)


def process_of(reader: Reader) -> int:
    """The server's process of the reader's connection."""
    ((process,),) = execute(reader, Statement("who", "SELECT pg_backend_pid()"), [])
    return int(process)


def end_connection(app: Flask, process: int) -> None:
    """The server ends one of its connections."""
    url = app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg2", "")
    connection = psycopg2.connect(url)
    try:
        connection.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", (process,))
    finally:
        connection.close()
