"""Who calls and what stands are mostly read together: that changes no answer and refuses nobody."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from suppression.storage.checks.active_rows import StateLookup
from suppression.storage.checks.prefetch import prefetch_state
from suppression.storage.controllers import callers as caller_rows
from suppression.storage.engine.base import db
from suppression.usecases.checks import prefetch as prefetch_module
from tests.api import Api
from tests.databases import SQLITE

BODIES: list[Any] = [
    {"channel": "email", "identifier": "stopped@example.fr"},
    {"channel": "email", "identifier": "Free@Example.fr", "correlation_id": "crm-1"},
    {"channel": "email", "identifier": "free@example.fr", "correlation_id": "\n"},
    {"channel": "email", "identifier": "jean.dupont@gmail.com"},
    {"channel": "email", "identifier": "suppressed@example.test"},
    {"channel": "email", "identifier": "no address"},
    {"channel": "email", "identifier": "free@example.fr", "topic": "unheard-of"},
    {"channel": "email"},
    {"channel": "sms", "identifier": "0612345678"},
    {"channel": "telephone", "identifier": "0612345678"},
    {"channel": "post", "identifier": "1 rue de la Paix"},
    {"channel": "fax", "identifier": "x"},
    {"identifier": "free@example.fr"},
    [],
]


@pytest.mark.parametrize("body", BODIES, ids=str)
def test_the_answer_is_the_same_whether_its_state_was_prefetched_or_not(
    api: Api, body: object
) -> None:
    api.stop("email", "stopped@example.fr")
    api.stop("email", "jeandupont@gmail.com")
    caller_rows._seen.clear()  # noqa: SLF001 - as in a fresh process
    first = api.post("/v1/checks", body)
    again = api.post("/v1/checks", body)
    assert (again.status_code, _lasting(again.get_json())) == (
        first.status_code,
        _lasting(first.get_json()),
    )


@pytest.fixture
def prefetched(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the state of each check that could be prefetched was."""
    prefetched_states: list[bool] = []
    read = prefetch_state

    def noted(*given: Any, **named: Any) -> StateLookup | None:  # noqa: ANN401 - passed on
        rows = read(*given, **named)
        prefetched_states.append(rows is not None)
        return rows

    monkeypatch.setattr(prefetch_module, "prefetch_state", noted)
    return prefetched_states


def test_a_plain_check_is_prefetched_from_the_second_one_on(
    api: Api, backend: str, prefetched: list[bool]
) -> None:
    if backend == SQLITE:
        pytest.skip("SQLite answers from the same process: nothing is gained there")
    for _ in range(3):
        assert api.post("/v1/checks", BODIES[0]).get_json()["decision"] == "allow"
    assert prefetched == [True, True]
    api.stop("email", "stopped@example.fr")
    assert api.post("/v1/checks", BODIES[0]).get_json()["decision"] == "deny"
    assert prefetched == [True, True, True]


def test_a_revoked_key_is_refused_at_its_next_check(app: Flask, api: Api) -> None:
    assert [api.post("/v1/checks", BODIES[0]).status_code for _ in range(2)] == [200, 200]
    _execute(app, "UPDATE api_keys SET revoked_at = '2026-11-21 09:00:00'")
    assert api.post("/v1/checks", BODIES[0]).status_code == 401


@pytest.mark.parametrize("body", [BODIES[0], [], {"channel": "email", "identifier": 7}])
def test_a_key_that_lost_its_scope_is_told_so_whatever_it_sends(
    app: Flask, api: Api, body: object
) -> None:
    assert [api.post("/v1/checks", BODIES[0]).status_code for _ in range(2)] == [200, 200]
    _execute(app, "UPDATE api_keys SET scopes = 'suppress'")
    refused = api.post("/v1/checks", body)
    assert (refused.status_code, refused.get_json()["type"].rpartition(":")[2]) == (
        403,
        "missing-scope",
    )


def test_new_policies_hold_for_the_next_check(app: Flask, api: Api) -> None:
    checks = [api.post("/v1/checks", BODIES[0]).get_json()["decision"] for _ in range(2)]
    assert checks == ["allow", "allow"]
    _execute(
        app,
        "INSERT INTO policy_versions SELECT controller_number, version + 1,"
        " replace(document, 'opt_out', 'opt_in'), recorded_at, actor FROM policy_versions",
    )
    assert api.post("/v1/checks", BODIES[0]).get_json()["reasons"] == [{"code": "no_consent"}]


def _lasting(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "request_id"}


def _execute(app: Flask, statement: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)
