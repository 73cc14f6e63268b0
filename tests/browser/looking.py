"""The checks that every recipient page must pass in the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, Response, Route

from tests.browser.site import Site

PRIVATE = {
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
PAGE_LIMIT = 20_000
SEE_OTHER = 303
TARGET = 24
DESKTOP_WIDTH = 640
_AXE = Axe()
_OPTIONS = {
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
_SMALL = """() => [...document.querySelectorAll('a, button, input, textarea, summary')]
  .filter(one => one.type !== 'hidden' && !one.closest('dd'))
  .map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()])
  .filter(([, box]) => box.right > 0 && (box.width < %d || box.height < %d))
  .map(([text]) => text)"""
_WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
_DOUBLED = "document.documentElement.style.fontSize = '200%'"


@dataclass
class Visitor:
    """A person's browser without JavaScript, and one with JavaScript in which axe-core runs."""

    site: Site
    page: Page
    examiner: Page
    answers: list[Response] = field(default_factory=list)
    latest: list[Response] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, site: Site, plain: BrowserContext, scripted: BrowserContext) -> Visitor:
        """Open both browsers, and record every answer that the person's browser gets."""
        visitor = cls(site, plain.new_page(), scripted.new_page())
        visitor.page.on("response", visitor.note)
        plain.route(
            "**/*", lambda route: route.continue_()
        )  # without a cache: each page is weighed
        return visitor

    def note(self, answer: Response) -> None:
        """Record an answer."""
        self.answers.append(answer)
        self.latest.append(answer)

    def go(self, address: str) -> None:
        """Open an address, as from an e-mail or a site."""
        self.latest.clear()
        self.page.goto(address)

    def press(self, selector: str) -> None:
        """Press a button or follow a link, to the page behind it."""
        self.latest.clear()
        with self.page.expect_navigation():
            self.page.click(selector)

    def look(self, name: str) -> None:
        """Fail unless the open page passes all checks; `name` is its name in errors."""
        self.looked_at.append(name)
        self._weighed(name)
        self._kept_to_ourselves(name)
        assert not self.page.evaluate(_WIDER), f"{name} is wider than the screen"
        assert self.page.evaluate(_SMALL % (TARGET, TARGET)) == [], name
        assert self.page.evaluate("document.querySelectorAll('h1').length") == 1, name
        assert self.page.locator("nav a").count() >= 1, f"{name} has no switch of languages"
        self._examined(name)

    def _weighed(self, name: str) -> None:
        """Fail unless the page is light, has its headers, and loaded only style sheet and logo."""
        document, *others = [response for response in self.latest if response.status != SEE_OTHER]
        assert document.request.resource_type == "document", name
        kinds = sorted(response.request.resource_type for response in others)
        assert kinds in (["stylesheet"], ["image", "stylesheet"]), (name, kinds)
        weight = len(document.body()) + self.site.sheet_weight + self.site.logo_weight
        assert weight < PAGE_LIMIT, (name, weight)
        headers = document.headers
        assert {name: headers.get(name) for name in PRIVATE} == PRIVATE, name

    def _kept_to_ourselves(self, name: str) -> None:
        elsewhere = [
            response.url
            for response in self.answers
            if not response.url.startswith(self.site.address)
        ]
        assert elsewhere == [], name
        assert self.page.context.cookies() == [], name
        assert [
            response.url for response in self.answers if "set-cookie" in response.headers
        ] == [], name

    def _examined(self, name: str) -> None:
        """Load the page's HTML in the browser with scripts: run axe-core, then double the text."""
        content = self.page.content()

        def fulfil(route: Route) -> None:
            route.fulfill(body=content, content_type="text/html; charset=utf-8")

        address = self.page.url.partition("#")[0]
        self.examiner.route(address, fulfil)
        self.examiner.goto(address)
        axe_result = _AXE.run(self.examiner, options=_OPTIONS)
        assert axe_result.violations_count == 0, f"{name}: {_told(axe_result.response)}"
        if self.examiner.evaluate("innerWidth") >= DESKTOP_WIDTH:
            self.examiner.evaluate(_DOUBLED)
            assert not self.examiner.evaluate(_WIDER), f"{name} is too wide with double the text"
        self.examiner.unroute(address)


def _told(response: dict[str, Any]) -> str:
    """Return the violations that axe-core found, as short JSON."""
    return json.dumps(
        [
            {"rule": violation["id"], "where": [node["html"][:120] for node in violation["nodes"]]}
            for violation in response["violations"]
        ],
        indent=1,
    )
