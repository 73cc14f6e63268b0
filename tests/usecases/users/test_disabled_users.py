"""A disabled user is signed out at once, and gets their role back when enabled again."""

from __future__ import annotations

import pytest
from flask import Flask

from suppression.domain.errors import ForbiddenError, InvalidValueError
from suppression.domain.users.roles import Role
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.users.manage import disable_user, enable_user, list_users
from tests.cli.test_commands import run
from tests.conftest import Clock
from tests.web.console.browser import Browser, signed_in


@pytest.fixture
def browser(app: Flask, clock: Clock, seen: set[str], api: object) -> Browser:
    del api
    with app.app_context():
        controller = find_controller("okwind")
    return signed_in(app, clock, seen, {controller: Role.DPO})


def test_the_command_ends_every_session_at_once(app: Flask, browser: Browser) -> None:
    assert browser.get("/okwind/today").status_code == 200
    assert run(app, "users", "disable", "m.durand").exit_code == 0
    assert browser.get("/okwind/today").status_code == 303
    browser.get("/sign-in")
    refused = browser.post("/sign-in", {"login": "m.durand", "password": "a password of her own"})
    assert refused.status_code == 422
    assert "m.durand\tdpo\tyes\n" in run(app, "users", "list", "okwind").stdout
    assert run(app, "users", "enable", "m.durand").exit_code == 0
    assert browser.get("/okwind/today").status_code == 303, "no session comes back"
    assert browser.sign_in("m.durand").status_code == 303
    assert run(app, "users", "list", "okwind").stdout.endswith("m.durand\tdpo\tno\n")


def test_nobody_disables_themselves_nor_one_who_serves_others(
    app: Flask, browser: Browser, clock: Clock
) -> None:
    del browser
    with app.app_context():
        (user,) = list_users(find_controller("okwind"))
        with pytest.raises(ForbiddenError):
            disable_user("m.durand", now=clock.now, actor=user.actor)
        for change in (disable_user, enable_user):
            with pytest.raises(ForbiddenError):
                change("m.durand", within=frozenset({"okonect"}), now=clock.now)
            with pytest.raises(InvalidValueError):
                change("nobody", now=clock.now)


def test_the_console_s_buttons_do_the_same(
    app: Flask, clock: Clock, seen: set[str], browser: Browser
) -> None:
    with app.app_context():
        controller = find_controller("okwind")
    other = signed_in(app, clock, seen, {controller: Role.INTAKE}, login="p.petit")
    assert browser.post("/okwind/users/disable", {"login": "p.petit"}).status_code == 303
    assert other.get("/okwind/record").status_code == 303
    browser.get("/okwind/users")
    assert "disabled</strong>" in browser.text
    assert browser.post("/okwind/users/enable", {"login": "p.petit"}).status_code == 303
    assert other.sign_in("p.petit").status_code == 303
    assert browser.post("/okwind/users/disable", {"login": "m.durand"}).status_code == 403
    assert browser.post("/okwind/users/disable", {"login": "nobody"}).status_code == 404
