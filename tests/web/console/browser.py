"""A client of the console that signs in as users do, and sends forms with the pages' tokens."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date

import pyotp
from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user
from tests.conftest import Clock

OWN = "a password of her own"
RECEIVED = date(2026, 11, 16)
STOP = {
    "kinds": "objection_marketing",
    "channels": "telephone",
    "phones": "06 12 34 56 78",
    "came_by": "letter",
    "received_on": RECEIVED.isoformat(),
    "do": "save",
}
REFERENCE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")


class Browser:
    """A browser at the console, with its cookies; `last` is the response seen last."""

    def __init__(self, app: Flask, clock: Clock, seen: set[str]) -> None:
        self.app, self.clock, self.seen = app, clock, seen
        self.client = app.test_client()
        self.secret = ""
        self.recovery: list[str] = []
        self.last = self.client.get("/console/sign-in?lang=en", base_url="https://localhost")

    def get(self, path: str) -> TestResponse:
        """Get a page of the console and return the response."""
        self.last = self.client.get(f"/console{path}", base_url="https://localhost")
        return self.last

    def post(
        self, path: str, form: Mapping[str, object] | None = None, *, token: str | None = None
    ) -> TestResponse:
        """Send a form, with the CSRF token of the page seen last or `token`; return the answer."""
        held = token if token is not None else self.token()
        data = {"csrf_token": held, **(form or {})}
        self.last = self.client.post(f"/console{path}", data=data, base_url="https://localhost")
        return self.last

    def token(self) -> str:
        """Return the CSRF token of the page seen last, or of another page fetched for it."""
        if 'name="csrf_token"' not in self.last.get_data(as_text=True):
            self.last = self.client.get("/console/nowhere/today", base_url="https://localhost")
        if 'name="csrf_token"' not in self.last.get_data(as_text=True):
            self.last = self.client.get("/console/sign-in", base_url="https://localhost")
        match = re.search(r'name="csrf_token" value="([^"]+)"', self.last.get_data(as_text=True))
        return match[1] if match else ""

    @property
    def text(self) -> str:
        """Return the text of the page seen last."""
        return self.last.get_data(as_text=True)

    def code(self) -> str:
        """Turn the clock by 30 seconds and return a sign-in code that was not used."""
        self.clock.turn(seconds=30)
        return pyotp.TOTP(self.secret).at(self.clock.now)

    def first_time(self, login: str, password: str) -> None:
        """Sign in for the first time: set a password, note the code secret and recovery codes."""
        self.get("/sign-in")
        self.post("/sign-in", {"login": login, "password": password})
        self.get("/code")
        match = re.search(r'<code class="grouped">(.+?)</code>', self.text)
        assert match, self.text
        self.secret = re.sub(r"<[^>]+>", "", match[1])
        form: dict[str, object] = {"password": OWN, "again": OWN, "code": self.code()}
        assert self.post("/first-time", form).status_code == 200, self.text
        self.recovery = REFERENCE.findall(self.text)

    def sign_in(self, login: str, password: str = OWN) -> TestResponse:
        """Sign in again by password and code; return the response of the last step."""
        self.get("/sign-in")
        self.post("/sign-in", {"login": login, "password": password})
        self.get("/code")
        return self.post("/code", {"code": self.code()})

    def references(self) -> list[str]:
        """Return every reference on the page seen last."""
        return REFERENCE.findall(self.text)

    def reference(self) -> str:
        """Return the first reference on the page seen last; fail if there is none."""
        match = REFERENCE.search(self.text)
        assert match, self.text
        return match[0]


def upload(browser: Browser, file: str | bytes, **fields: object) -> str:
    """Upload a file on the page of imports; return the reference on the answer, or ""."""
    sent = file.encode() if isinstance(file, str) else file
    browser.post("/okwind/imports", {**fields, "file": (io.BytesIO(sent), "list.csv")})
    match = REFERENCE.search(browser.text)
    return match[0] if match else ""


def signed_in(
    app: Flask,
    clock: Clock,
    seen: set[str],
    roles: dict[Controller, Role],
    *,
    login: str = "m.durand",
) -> Browser:
    """Create a user with these roles and return a browser in which they are signed in."""
    services: Services = app.extensions["suppression"]
    password = None
    with app.app_context():
        for controller, role in roles.items():
            made = create_user(services, controller, login, role, now=clock.now)
            password = password or made
    browser = Browser(app, clock, seen)
    browser.first_time(login, password or "")
    return browser
