"""The console shows an API key once, lists keys by their first characters, and revokes at once."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask

from suppression.domain.users.roles import Role
from tests.api import Api
from tests.web.console.browser import Browser


def test_a_key_is_shown_once_works_and_is_revoked_at_once(
    app: Flask, browser_as: Callable[[Role], Browser], seen: set[str]
) -> None:
    operator = browser_as(Role.OPERATOR)
    form: dict[str, object] = {"name": "dialer", "scopes": ["check", "suppress"]}
    assert operator.post("/okwind/keys", form).status_code == 200
    match = re.search(r"<code>(sup_\w+)</code>", operator.text)
    assert match
    api = Api(app, match[1], seen)
    assert api.send("GET", "/v1/me").status_code == 200
    operator.get("/okwind/keys")
    assert match[1] not in operator.text
    number = re.findall(r'name="number" value="(\d+)"', operator.text)[-1]
    assert operator.post("/okwind/keys/revoke", {"number": number}).status_code == 303
    assert api.send("GET", "/v1/me").status_code == 401
    operator.get("/okwind/keys")
    assert "revoked on" in operator.text
    assert operator.post("/okwind/keys/revoke", {"number": number}).status_code == 404


def test_a_key_without_a_name_or_a_scope_is_not_made(
    browser_as: Callable[[Role], Browser],
) -> None:
    operator = browser_as(Role.OPERATOR)
    for form in ({"name": "", "scopes": "check"}, {"name": "dialer"}):
        assert operator.post("/okwind/keys", form).status_code == 422
    operator.get("/okwind/keys")
    assert "dialer" not in operator.text
