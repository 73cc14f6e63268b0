"""Sign-ins from many addresses at once take two threads, and leave the others to checks and stops.

Verifying a password takes 64 MiB and briefly all cores. Ten addresses, each within its limit, once
took every thread of both workers for most of a minute.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask

from suppression.adapters.crypto import passwords
from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from tests.api import make_controller
from tests.conftest import Clock
from tests.web.console.browser import OWN, Browser, signed_in

LOGIN = "m.durand"
TYPED = {"login": LOGIN, "password": OWN}


@pytest.fixture
def controller(app: Flask) -> Controller:
    return make_controller(app, "okwind")


@pytest.fixture
def owner(app: Flask, clock: Clock, seen: set[str], controller: Controller) -> Browser:
    """Return the browser in which the owner of the login has signed in once."""
    return signed_in(app, clock, seen, {controller: Role.DPO}, login=LOGIN)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Yield a semaphore that counts verifications of passwords; each lasts until the test ends."""
    begun, ended = threading.Semaphore(0), threading.Event()
    hasher = passwords._HASHER  # noqa: SLF001 - where the work is

    class Slow:
        def verify(self, stored: str, password: str) -> bool:
            begun.release()
            assert ended.wait(30)
            return hasher.verify(stored, password)

    with ExitStack() as undone:
        undone.callback(ended.set)
        monkeypatch.setattr(passwords, "_HASHER", Slow())
        yield begun


def test_sign_ins_at_once_take_few_threads(
    app: Flask,
    clock: Clock,
    seen: set[str],
    owner: Browser,
    looked_at: threading.Semaphore,
) -> None:
    def guess() -> None:
        Browser(app, clock, seen).post("/sign-in", {"login": "nobody", "password": "wrong"})

    guessers = [threading.Thread(target=guess, daemon=True) for _ in range(2)]
    for guesser in guessers:
        guesser.start()
        assert looked_at.acquire(timeout=30)
    refused = Browser(app, clock, seen).post("/sign-in", TYPED)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert not looked_at.acquire(blocking=False)
    known = threading.Thread(target=owner.post, args=("/sign-in", TYPED), daemon=True)
    known.start()
    assert looked_at.acquire(timeout=30), "a known browser has a place that no stranger takes"


def test_a_place_is_free_again_and_a_refusal_is_no_failure(
    app: Flask, clock: Clock, seen: set[str], owner: Browser
) -> None:
    del owner
    browser = Browser(app, clock, seen)
    with ExitStack() as held:
        assert held.enter_context(passwords.place_to_look(known=False))
        assert held.enter_context(passwords.place_to_look(known=False))
        statuses = [browser.post("/sign-in", TYPED).status_code for _ in range(20)]
        assert statuses == [429] * 20
    for _ in range(3):
        assert browser.post("/sign-in", TYPED | {"password": "wrong"}).status_code == 422
    assert browser.post("/sign-in", TYPED).status_code == 303
