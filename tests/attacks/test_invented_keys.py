"""Requests with invented API keys whose checksum is right count in the limit of their sender."""

from __future__ import annotations

import dataclasses

from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.controllers.api_keys import format_key
from suppression.wiring.whole import create_app
from tests.api import Api, make_controller, make_key
from tests.databases import Database

CONTROLLERS = [1, 9, 32_767, 32_768, 99_999]
"""Numbers of controllers: one that exists, two that may exist, and two that no row can have."""
CHECK = {"channel": "email", "identifier": "jean.dupont@example.fr"}
STOP = {"identifiers": [{"kind": "email", "value": "jean.dupont@example.fr"}], "channels": "all"}


def test_an_address_that_invents_keys_meets_its_limit(database: Database, seen: set[str]) -> None:
    api = limited(database, seen)
    answers = [sent(api, "/v1/checks", number, CHECK) for number in range(6)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429, 429]
    assert answers[-1].get_json()["decision"] == "unknown"
    assert api.decision("email", "jean.dupont@example.fr") == "allow", "a good key has its own"


def test_where_no_limit_may_refuse_a_wrong_key_is_still_told(
    database: Database, seen: set[str]
) -> None:
    api = limited(database, seen)
    answers = [sent(api, "/v1/suppressions", number, STOP) for number in range(6)]
    assert {answer.status_code for answer in answers} == {401}
    assert sent(api, "/v1/checks", 7, CHECK).status_code == 429


def limited(database: Database, seen: set[str]) -> Api:
    """Return an Api of a service whose limit per address is three requests a minute."""
    settings = dataclasses.replace(database.settings(), rate_limit_per_address="3/minute")
    app: Flask = create_app(settings)
    return Api(app, make_key(app, make_controller(app, "okwind")), seen)


def sent(api: Api, path: str, number: int, body: object) -> TestResponse:
    """Post a body with an invented key, made of `number`, and return the response."""
    key = format_key(CONTROLLERS[number % len(CONTROLLERS)], number.to_bytes(20, "big"))
    return api.post(path, body, headers={"Authorization": f"Bearer {key}"})
