"""A hostile part of a URL's path is answered 404 and never reaches a statement of the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from suppression.domain.users.roles import Role
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api
from tests.conftest import Clock
from tests.length import long_run
from tests.web.console.browser import Browser, signed_in

GOOD = {"slug": "okwind", "answer": "access", "language": "fr", "controller": "okwind"}
"""Valid values for the other parts of a path; a part without one gets a made-up reference."""
CLICK = {"confirm": "1", "undo": "nonsense"}
ARGUMENT = re.compile(r"<(?:[^<>:]+:)?([a-z_]+)>")
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
    """Yield a list that collects the parameters of every statement."""
    given: list[str] = []

    def note(*arguments: object) -> None:
        given.append(repr(arguments[3]))

    event.listen(Engine, "before_cursor_execute", note)
    yield given
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def dpo(app: Flask, api: Api, clock: Clock, seen: set[str]) -> Browser:
    """Return a browser with a DPO signed in, who may see every page of the controller of `api`."""
    del api
    with app.app_context():
        okwind = find_controller("okwind")
    return signed_in(app, clock, seen, {okwind: Role.DPO}, login="a.dpo")


def places(app: Flask, *, console: bool) -> Iterator[tuple[str, str]]:
    """Yield each method and path with a variable part, with {} in place of one of these parts."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/console/") != console or not rule.arguments:
            continue
        for hostile in ARGUMENT.findall(rule.rule):
            address = ARGUMENT.sub(
                lambda part, hostile=hostile: (  # type: ignore[misc]
                    "{}" if part[1] == hostile else GOOD.get(part[1], "2345-6789-ABCD")
                ),
                rule.rule,
            )
            for method in (rule.methods or set()) & {"GET", "POST"}:
                yield method, address


def test_a_hostile_address_is_not_there_and_reaches_no_statement(
    app: Flask, api: Api, bound: list[str]
) -> None:
    tried = set(places(app, console=False))
    assert {("POST", "/u/{}"), ("POST", "/r/{}"), ("GET", "/v1/scrubs/{}/decisions")} <= tried
    headers = {"Authorization": f"Bearer {api.key}"}
    for method, place in sorted(tried):
        for hostile in HOSTILE:
            answer = api.client.open(
                place.format(hostile),
                method=method,
                headers=headers,
                data=CLICK if method == "POST" and not place.startswith("/v1/") else None,
            )
            assert answer.status_code == 404, (method, place, hostile)
            assert unquote(hostile) not in "".join(bound)
    assert "jean.dupont" not in "".join(bound)


def test_a_hostile_address_of_the_console_is_not_there_either(
    app: Flask, dpo: Browser, bound: list[str]
) -> None:
    tried = set(places(app, console=True))
    assert ("POST", "/console/okwind/cases/{}/proof-seen") in tried
    for turn, (method, place) in enumerate(sorted(tried)):
        for hostile in HOSTILE if long_run() else (HOSTILE[turn % len(HOSTILE)], "%00"):
            path = place.removeprefix("/console").format(hostile)
            answer = dpo.get(path) if method == "GET" else dpo.post(path, {"undo_import": "yes"})
            assert answer.status_code == 404, (method, place, hostile)
            assert unquote(hostile) not in "".join(bound)
    assert "jean.dupont" not in "".join(bound)
