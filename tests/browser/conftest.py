"""Fixtures: one browser for each module, one service for each test, on SQLite only.

tests/web verifies on every database what the pages store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.browser.looking import Visitor
from tests.browser.site import Site, serving
from tests.programs import program

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium and yield it; end it with the module.

    Playwright's event loop must not outlive the module, because other modules start their own.
    """
    path = program("chromium", "chromium", "chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path)
        yield started
        started.close()


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(app: Flask, seen: set[str]) -> Iterator[Site]:
    with serving(app, seen) as served:
        yield served


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Yield a function that begins a visit with a screen width, a colour scheme and a scale."""
    with ExitStack() as contexts:

        def begin(width: int = 1280, scheme: str = "light", scale: float = 1) -> Visitor:
            screen = {
                "viewport": {"width": width, "height": 720},
                "color_scheme": scheme,
                "device_scale_factor": scale,
            }
            plain = browser.new_context(java_script_enabled=False, **screen)  # type: ignore[arg-type]
            scripted = browser.new_context(bypass_csp=True, **screen)  # type: ignore[arg-type]
            contexts.callback(plain.close)
            contexts.callback(scripted.close)
            return Visitor.begin(site, plain, scripted)

        yield begin
