"""Each route of the console refuses every role without its right, by GET and by POST."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from suppression.domain.users.roles import Right, Role, may
from tests.web.console.browser import STOP, Browser


def routes(app: Flask) -> Iterator[tuple[str, str, Right | None]]:
    """Yield each method and path of a controller's pages, with the right that it needs."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint.startswith("console.") and hasattr(view, "required_right"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule.removeprefix("/console"), view.required_right


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_carries_and_nothing_else(
    app: Flask, browser_as: Callable[[Role], Browser], role: Role
) -> None:
    writer = browser_as(Role.DPO if role is not Role.DPO else Role.INTAKE)
    writer.post("/okwind/record", STOP)
    reference = writer.reference()
    browser = browser_as(role)
    names = {"<slug>": "okwind", "<reference>": reference, "<answer>": "received"}
    walked = 0
    for method, rule, right in routes(app):
        path = rule.replace("<language>", "fr")
        for name, value in names.items():
            path = path.replace(name, value)
        answer = browser.get(path) if method == "GET" else browser.post(path)
        allowed = right is None or may(role, right)
        assert (answer.status_code != 403) == allowed, (role, method, path, answer.status_code)
        assert answer.status_code < 500, (method, path)
        walked += 1
    assert walked > 40


def test_nobody_opens_anything_without_signing_in(
    app: Flask, browser_as: Callable[[Role], Browser]
) -> None:
    browser = browser_as(Role.DPO)
    browser.post("/sign-out")
    browser.get("/sign-in")
    token = browser.token()
    for method, rule, _ in routes(app):
        path = rule.replace("<slug>", "okwind")
        answer = browser.get(path) if method == "GET" else browser.post(path, token=token)
        assert answer.status_code == 303, path
        assert answer.headers["Location"] == "/console/sign-in"


def test_every_page_of_a_controller_names_its_right(app: Flask) -> None:
    open_pages = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.")
        and not hasattr(app.view_functions[rule.endpoint], "required_right")
    }
    assert not any("<slug>" in rule for rule in open_pages)


def test_half_a_session_opens_no_page(dpo: Browser) -> None:
    dpo.post("/sign-out")
    dpo.get("/sign-in")
    dpo.post("/sign-in", {"login": "a.dpo", "password": "a password of her own"})
    assert dpo.get("/okwind/today").status_code == 303
