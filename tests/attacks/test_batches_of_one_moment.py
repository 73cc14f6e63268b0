"""A batch that takes several SQL statements is answered from one snapshot of the database."""

from __future__ import annotations

from typing import Any

import pytest

from suppression.storage.checks import active_rows
from suppression.storage.engine.prepared_statements import execute
from tests.api import Api
from tests.databases import SQLITE

MANY = 1200
"""More addresses than one SQLite statement takes; each has one fingerprint."""


def test_a_stop_that_comes_between_two_statements_of_a_batch_counts_for_none_of_it(
    api: Api, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop that moved to another row between the statements was in neither: a wrong allow."""
    if backend != SQLITE:
        pytest.skip("PostgreSQL reads a batch in one statement")
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
