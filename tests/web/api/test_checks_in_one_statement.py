"""A single check reads its caller and the state on record in one statement, on both databases.

Keys of earlier releases, which do not name their controller, get equal answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from suppression.domain.controllers.api_keys import format_key, key_digest
from suppression.storage.controllers.tables import DbApiKey
from suppression.storage.engine import prepared_statements
from suppression.storage.engine.base import db
from suppression.storage.engine.prepared_statements import Reader
from tests.api import Api, make_controller

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


EARLIER = "sup_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaiipphg"
PHONE = {"channel": "telephone", "identifier": "0612345678"}


@pytest.mark.parametrize("body", BODIES, ids=str)
def test_a_key_of_an_earlier_release_is_answered_alike(
    app: Flask, api: Api, body: object, seen: set[str]
) -> None:
    api.stop("email", "stopped@example.fr")
    api.stop("email", "jeandupont@gmail.com")
    now = api.post("/v1/checks", body)
    _replace_key(app, EARLIER)
    earlier = Api(app, EARLIER, seen).post("/v1/checks", body)
    assert (earlier.status_code, _lasting(earlier.get_json())) == (
        now.status_code,
        _lasting(now.get_json()),
    )


@pytest.mark.parametrize("body", [BODIES[0], PHONE], ids=["email", "telephone"])
def test_a_check_is_one_statement(api: Api, body: object) -> None:
    api.post("/v1/checks", body)  # now the process has cached the controller's slug
    with _statements() as statements:
        assert api.post("/v1/checks", body).status_code == 200
    assert len(statements) == 1


@pytest.mark.usefixtures("api")
def test_a_key_that_names_another_controller_is_wrong(app: Flask, seen: set[str]) -> None:
    other = make_controller(app, "autre")
    key = format_key(other.number, bytes(20))
    _replace_key(app, key)
    stranger = Api(app, key, seen)
    assert stranger.post("/v1/checks", BODIES[0]).status_code == 401
    assert stranger.post("/v1/checks/batch", {"items": []}).status_code == 401


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize("body", [BODIES[0], [], {"channel": "fax"}], ids=str)
def test_nobody_without_a_key_learns_what_is_wrong_with_a_body(
    app: Flask, body: object, seen: set[str]
) -> None:
    invented = Api(app, format_key(1, bytes(20)), seen)
    assert invented.post("/v1/checks", body).status_code == 401


def test_a_partners_list_is_asked_though_the_key_does_not_tell_of_it(api: Api) -> None:
    digest = hashlib.md5(b"jean@example.fr", usedforsecurity=False).hexdigest()
    body = {"channel": "email", "identifier": "jean@example.fr"}
    assert api.post("/v1/checks", body).get_json()["decision"] == "allow"
    partner = [{"kind": "email", "sha256": digest, "scheme": "plain:md5"}]
    api.post("/v1/suppressions", {"identifiers": partner, "channels": ["email"]})
    assert api.post("/v1/checks", body).get_json()["decision"] == "deny"


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


@contextmanager
def _statements() -> Iterator[list[str]]:
    """Yield a list that collects the statements of readers during the block."""
    texts: list[str] = []
    fetch = Reader.fetch_all

    def noted(reader: Reader, statement: Any, parameters: Any) -> Any:  # noqa: ANN401 - passed on
        texts.append(statement.text)
        return fetch(reader, statement, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepared_statements.Reader, "fetch_all", noted)
        yield texts


def _replace_key(app: Flask, key: str) -> None:
    """Replace the hash of every stored key by that of another key."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(update(DbApiKey).values(digest=key_digest(key)))


def _lasting(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "request_id"}


def _execute(app: Flask, statement: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)
