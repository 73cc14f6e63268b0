"""What somebody puts into an address is read before it reaches the database, or is not there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from suppression.domain.users.roles import Role
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api
from tests.conftest import Clock
from tests.web.console.browser import Browser, signed_in

PLACES = [
    ("GET", "/v1/imports/{}"),
    ("GET", "/v1/imports/{}/errors"),
    ("POST", "/v1/imports/{}/apply"),
    ("POST", "/v1/imports/{}/discard"),
    ("POST", "/v1/imports/{}/undo"),
    ("GET", "/v1/scrubs/{}"),
    ("GET", "/v1/scrubs/{}/decisions"),
    ("GET", "/stop/{}"),
    ("POST", "/stop/{}"),
    ("GET", "/brand/{}/page.css"),
    ("GET", "/brand/{}/logo"),
    ("GET", "/u/{}"),
    ("GET", "/u/{}/choices"),
    ("GET", "/r/{}"),
    ("GET", "/assets/{}"),
    ("GET", "/docs/assets/{}"),
]
PAGES = [
    ("GET", "/okwind/cases/{}"),
    ("GET", "/okwind/cases/{}/answers/access/fr"),
    ("POST", "/okwind/cases/{}/stop"),
    ("POST", "/okwind/cases/{}/undo"),
    ("POST", "/okwind/record/{}"),
    ("GET", "/okwind/imports/{}"),
    ("GET", "/okwind/imports/{}/errors"),
    ("POST", "/okwind/imports/{}/apply"),
    ("POST", "/okwind/imports/{}/undo"),
    ("GET", "/{}/today"),
    ("GET", "/assets/{}"),
]
HOSTILE = [
    "jean.dupont@example.fr",
    "a%00b",
    "%00",
    "2345-6789-ABC%00",
    "O'Neil%22%20OR%201=1",
    "%F0%9F%98%80%E2%80%AE",
    "x" * 3000,
]


@pytest.fixture
def bound() -> Iterator[list[str]]:
    """Everything that statements were given as a parameter."""
    given: list[str] = []

    def note(*arguments: object) -> None:
        given.append(repr(arguments[3]))

    event.listen(Engine, "before_cursor_execute", note)
    yield given
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def dpo(app: Flask, api: Api, clock: Clock, seen: set[str]) -> Browser:
    """Somebody who may see every page of the controller that `api` calls for."""
    del api
    with app.app_context():
        okwind = find_controller("okwind")
    return signed_in(app, clock, seen, {okwind: Role.DPO}, login="a.dpo")


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_a_hostile_address_is_not_there_and_reaches_no_statement(
    api: Api, bound: list[str], method: str, place: str
) -> None:
    for hostile in HOSTILE:
        answer = api.client.open(
            place.format(hostile), method=method, headers={"Authorization": f"Bearer {api.key}"}
        )
        assert answer.status_code == 404, (place, hostile)
        assert unquote(hostile) not in "".join(bound)
    assert "jean.dupont" not in "".join(bound)


def test_a_hostile_address_of_the_console_is_not_there_either(
    dpo: Browser, bound: list[str]
) -> None:
    for method, place in PAGES:
        for hostile in HOSTILE:
            path = place.format(hostile)
            answer = dpo.get(path) if method == "GET" else dpo.post(path, {"undo_import": "yes"})
            assert answer.status_code == 404, (place, hostile)
            assert unquote(hostile) not in "".join(bound)
    assert "jean.dupont" not in "".join(bound)
