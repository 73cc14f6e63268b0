"""A text that is no login, typed into a sign-in by mistake or on purpose, is in no SQL or log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.conftest import Clock
from tests.web.console.browser import Browser

TYPED = [
    "jean.dupont@example.fr",
    "Correct Horse Battery!",
    "+33 6 12 34 56 78",
    "' OR 1=1 --",
    "\U0001f600\u202e",
    "x" * 5000,
]
COOKIES = [
    "",
    "~~~~",
    "...",
    "20000.0123.0123",
    "\u00e9.\u00e9.\u00e9",
    "-1..",
    "9" * 900,
    "a.b.c~" * 150,
    "\\355\\240\\200",
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


@pytest.mark.parametrize("typed", TYPED, ids=range(len(TYPED)))
def test_what_is_no_login_reaches_no_statement(
    app: Flask, clock: Clock, seen: set[str], bound: list[str], typed: str
) -> None:
    browser = Browser(app, clock, seen)
    status = browser.post("/sign-in", {"login": typed, "password": "wrong"}).status_code
    assert status == 422
    assert not any(repr(typed.lower()[:40])[1:-1] in given for given in bound)


@pytest.mark.parametrize("typed", ["", "\x00", "m.durand\x00", "m.durand\udcff"], ids=range(4))
def test_what_nobody_can_type_is_only_wrong(
    app: Flask, clock: Clock, seen: set[str], typed: str
) -> None:
    sent = {"login": typed.encode("utf-8", "surrogateescape"), "password": b"\xed\xa0\x80\x00"}
    assert Browser(app, clock, seen).post("/sign-in", sent).status_code == 422


@pytest.mark.parametrize("cookie", COOKIES, ids=range(len(COOKIES)))
def test_no_forged_cookie_of_a_browser_breaks_or_frees_a_sign_in(
    app: Flask, clock: Clock, seen: set[str], cookie: str
) -> None:
    browser = Browser(app, clock, seen)
    browser.client.set_cookie("__Secure-console-device", cookie, path="/console", secure=True)
    statuses = []
    for _ in range(6):
        browser.get("/sign-in")
        form = {"login": "m.durand", "password": "wrong"}
        statuses.append(browser.post("/sign-in", form).status_code)
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize("typed", TYPED, ids=range(len(TYPED)))
def test_what_is_no_login_reaches_no_statement_from_the_page_of_users_either(
    dpo: Browser, bound: list[str], typed: str
) -> None:
    for path in ("/users", "/users/role", "/users/reset", "/users/disable", "/users/enable"):
        form = {"login": typed, "role": "intake"}
        assert 400 <= dpo.post(f"/okwind{path}", form).status_code < 500
    assert not any(repr(typed.strip()[:40])[1:-1] in given for given in bound)
