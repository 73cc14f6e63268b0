"""A user of the console in a real browser without JavaScript; axe-core examines each page."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pyotp
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Route

from tests.conftest import Clock
from tests.web.console.browser import OWN

_AXE = Axe()
_WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SHOTS = os.environ.get("CONSOLE_SHOTS")
"""A folder in which to save screenshots; None saves none."""


@dataclass
class ConsoleInBrowser:
    """A browser at the console: the user's page, and another one in which axe-core runs."""

    address: str
    page: Page
    examiner: Page
    clock: Clock
    language: str
    secret: str = ""

    def go(self, path: str) -> None:
        """Open a page of the console."""
        self.page.goto(f"{self.address}/console{path}")

    def press(self, name: str) -> None:
        """Press a button by its name."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def look(self, name: str) -> None:
        """Fail unless the page has one h1, its language and no sideways scrolling, and passes axe.

        `name` is the name of the page in errors and screenshots.
        """
        page = self.page
        assert page.evaluate("document.querySelectorAll('h1').length") == 1, name
        assert page.evaluate("document.documentElement.lang") == self.language, name
        assert not page.evaluate(_WIDER), f"{name} is wider than the screen"
        content, address = page.content(), page.url.partition("#")[0]

        def fulfil(route: Route) -> None:
            route.fulfill(body=content, content_type="text/html; charset=utf-8")

        self.examiner.route(address, fulfil)
        self.examiner.goto(address)
        axe_result = _AXE.run(self.examiner, options={"resultTypes": ["violations"]})
        self.examiner.unroute(address)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{self.language}.png", full_page=True)
        told = [
            (violation["id"], [node["html"][:150] for node in violation["nodes"]])
            for violation in axe_result.response["violations"]
        ]
        assert told == [], f"{name}: {json.dumps(told, indent=1)}"

    def first_time(self, login: str, password: str) -> None:
        """Sign in for the first time, set a password and a code, and examine each page."""
        self.go(f"/sign-in?lang={self.language}")
        self.look("sign-in")
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/code")
        self.look("first-time")
        self.secret = self.page.locator("main code").inner_text()
        self.page.fill("#password", OWN)
        self.page.fill("#again", OWN)
        self.clock.turn(seconds=30)
        self.page.fill("#code", pyotp.TOTP(self.secret).at(self.clock.now))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look("recovery-codes")
