"""Two users of one database connection may each receive the answer to the other's statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from suppression.storage.checks import active_rows
from suppression.storage.engine.prepared_statements import (
    Reader,
    Row,
    Source,
    Statement,
    execute,
)
from tests.api import Api
from tests.databases import SQLITE

STOPPED = {"channel": "email", "identifier": "stopped@example.fr"}
CALL = {"channel": "telephone", "identifier": "+33612345678", "basis": "contract"}
REQUESTS: dict[str, tuple[str, Any]] = {
    "a check": ("/v1/checks", STOPPED),
    "a call": ("/v1/checks", CALL),
    "a batch": ("/v1/checks/batch", {"channel": "email", "identifiers": ["stopped@example.fr"]}),
    "a reservation": ("/v1/checks", CALL | {"reserve": True}),
}
OTHER_ANSWERS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "no row": lambda _: [],
    "a narrow row": lambda _: [("clock",)],
    "the state of somebody else": lambda rows: [
        (*row[:4], "0123456789abcdef", *row[5:]) for row in rows if row[0] == "clock"
    ],
    "the clock alone": lambda rows: [
        (*row[:4], "", *row[5:]) for row in rows if row[0] in {"clock", "caller"}
    ],
}
_STATE_QUERIES = {"state", "state_calls", "state_caller", "state_calls_caller"}


@pytest.mark.parametrize("request_name", REQUESTS)
@pytest.mark.parametrize("answer", OTHER_ANSWERS)
def test_the_answer_to_another_statement_never_allows(
    french_api: Api,
    backend: str,
    exchange: Callable[[Callable[[list[Row]], list[Row]]], None],
    request_name: str,
    answer: str,
) -> None:
    """An empty answer was read as "no stop", so a check allowed a person who had said stop."""
    if backend == SQLITE:
        pytest.skip("SQLite answers in the process itself: there is no connection to share")
    path, body = REQUESTS[request_name]
    french_api.stop("email", "stopped@example.fr")
    french_api.stop("phone", "+33612345678")
    assert french_api.post(path, body).status_code == 200
    exchange(OTHER_ANSWERS[answer])
    for _ in range(2):
        response = french_api.post(path, body)
        assert (response.status_code, response.get_json().get("decision", "unknown")) == (
            503,
            "unknown",
        )


@pytest.fixture
def exchange(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[list[Row]], list[Row]]], None]:
    """Return a function that changes the rows of every state query from its call on."""

    def begin(other: Callable[[list[Row]], list[Row]]) -> None:
        fetch_all = Reader.fetch_all

        def fetched(reader: Reader, statement: Statement, values: Sequence[object]) -> list[Row]:
            rows = fetch_all(reader, statement, values)
            return other(rows) if statement.name in _STATE_QUERIES else rows

        def executed(source: Source, statement: Statement, values: Sequence[object]) -> list[Row]:
            rows = execute(source, statement, values)
            is_reader = isinstance(source, Reader)  # which exchanges its answers itself
            return other(rows) if statement.name in _STATE_QUERIES and not is_reader else rows

        monkeypatch.setattr(Reader, "fetch_all", fetched)
        monkeypatch.setattr(active_rows, "execute", executed)

    return begin
