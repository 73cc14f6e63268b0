"""Checks for `service` are counted per key, so the list of keys reveals a sales tool's misuse."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask

from suppression.domain.errors import DatabaseUnavailableError
from suppression.domain.users.roles import Role
from suppression.usecases.checks import count_service_checks as count_service
from suppression.usecases.operations.retention import purge_counts
from tests.api import Api
from tests.cli.test_commands import run
from tests.conftest import Clock
from tests.web.console.browser import Browser
from tests.web.console.conftest import browser_as, okwind

__all__ = ["browser_as", "okwind"]

EMAIL = "jean.dupont@example.fr"
ASKED = {"channel": "email", "identifier": EMAIL, "purpose": "service"}


def counted(app: Flask) -> int:
    """Return the count of service checks that `flask keys list` shows for the only key."""
    (key,) = json.loads(run(app, "keys", "list", "okwind", "--json").stdout)
    return int(key["service_checks"])


def test_every_way_of_asking_is_counted_by_identifier(app: Flask, api: Api, clock: Clock) -> None:
    fields = {"channel": "email", "purpose": "service"}
    api.post("/v1/checks", ASKED)
    api.post("/v1/checks/batch", {"items": [ASKED, ASKED, {"channel": "email"}]})
    api.post("/v1/checks/batch", fields | {"identifiers": [EMAIL, "x@example.fr", "?"]})
    file = {"data": f"email\n{EMAIL}\n".encode(), "headers": {"Content-Type": "text/csv"}}
    api.post("/v1/scrubs?channel=email&purpose=service", **file)
    clock.turn(seconds=10)
    api.post("/v1/checks", ASKED)
    assert counted(app) == 1 + 2 + 3 + 1 + 1


def test_other_purposes_and_refused_keys_are_not_counted(app: Flask, api: Api) -> None:
    api.decision("email", EMAIL)
    api.post("/v1/checks", ASKED | {"topic": "nonsense topic"})
    assert counted(app) == 0


def test_a_check_writes_a_count_every_ten_seconds_at_most(
    app: Flask, api: Api, clock: Clock
) -> None:
    told = []
    for _ in range(4):
        api.post("/v1/checks", ASKED)
        told.append(counted(app))
        clock.turn(seconds=4)
    assert told == [1, 1, 1, 4]


def test_a_count_that_cannot_be_written_refuses_no_check_and_is_kept(
    app: Flask, api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DatabaseUnavailableError

    with monkeypatch.context() as patched:
        patched.setattr(count_service, "add_service_checks", away)
        assert api.post("/v1/checks", ASKED).get_json()["decision"] == "allow"
    assert counted(app) == 0
    clock.turn(seconds=10)
    api.post("/v1/checks", ASKED)
    assert counted(app) == 2


def test_thirty_days_are_told_and_400_are_kept(app: Flask, api: Api, clock: Clock) -> None:
    api.post("/v1/checks", ASKED)
    clock.turn(days=29)
    assert counted(app) == 1
    clock.turn(days=1)
    assert counted(app) == 0
    with app.app_context():
        clock.turn(days=370)
        assert purge_counts(now=clock.now) == 0
        clock.turn(days=1)
        assert purge_counts(now=clock.now) == 1


def test_the_console_s_operator_sees_it_beside_the_key(
    api: Api, browser_as: Callable[[Role], Browser]
) -> None:
    operator = browser_as(Role.OPERATOR)
    operator.get("/okwind/keys")
    assert "checks in 30 days" not in operator.text
    api.post("/v1/checks", ASKED)
    operator.get("/okwind/keys")
    assert "1 \u201cservice\u201d checks in 30 days" in operator.text
    assert "Never for a sales or campaign tool" in operator.text


def test_a_key_of_the_console_has_the_scope_only_if_it_is_ticked(
    app: Flask, browser_as: Callable[[Role], Browser], seen: set[str]
) -> None:
    operator = browser_as(Role.OPERATOR)
    statuses = []
    for scopes in (["check"], ["check", "service"]):
        operator.post("/okwind/keys", {"name": "shop", "scopes": scopes})
        key = operator.text.split("<code>sup_")[1].split("</code>")[0]
        statuses.append(Api(app, f"sup_{key}", seen).post("/v1/checks", ASKED).status_code)
    assert statuses == [403, 200]
