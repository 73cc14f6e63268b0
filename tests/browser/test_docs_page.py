"""/docs in a real browser lists every operation and runs a check, on any screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from flask import Flask
from playwright.sync_api import Browser, Page

from suppression.usecases.controllers.queries import find_controller
from tests.api import make_key
from tests.browser.site import Site
from tests.contract.document import operations, read_document
from tests.length import long_run

CHECK = "#operations-Checks-check"
ANSWER = f"{CHECK} .live-responses-table"
DENIED = '{"channel": "email", "identifier": "suppressed@example.test"}'
SCREENS = [(360, "light"), (360, "dark")]
if long_run():
    SCREENS += [(1280, "light"), (1280, "dark")]
ON_EACH_SCREEN = pytest.mark.parametrize(("width", "scheme"), SCREENS, ids=str)
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"], "preload": False}
STYLED = {"light": "html:not(.dark-mode)", "dark": "html.dark-mode"}
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_LISTED = """() => [...document.querySelectorAll('.opblock')].map(block => [
  block.querySelector('.opblock-summary-method').innerText,
  block.querySelector('.opblock-summary-path').dataset.path])"""
_BRIGHTNESS = """() => {
  const style = getComputedStyle(document.querySelector('.swagger-ui .info p'));
  const page = getComputedStyle(document.body);
  return [page.backgroundColor, style.color].map(
    color => color.match(/[0-9]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3);
}"""

Read = Callable[..., Page]


@pytest.fixture
def read(browser: Browser, site: Site) -> Iterator[Read]:
    """Yield a function that opens /docs; at the end, fail if a page logged an error or a warning.

    The page's own content security policy applies.
    """
    complaints: list[str] = []
    with ExitStack() as contexts:

        def begin(width: int = 1280, scheme: str = "light") -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            contexts.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console", lambda said: complaints.append(said.text) if bad(said.type) else None
            )
            page.goto(f"{site.address}/docs")
            page.wait_for_selector(CHECK)
            return page

        yield begin
    assert complaints == []


def test_it_lists_every_operation_of_the_contract_and_no_other(read: Read) -> None:
    page = read()
    listed = [(method, path) for method, path in page.evaluate(_LISTED)]
    contract = [(operation.method, operation.path) for operation in operations(read_document())]
    assert sorted(listed) == sorted(contract)
    assert page.locator(".errors-wrapper").count() == 0


@ON_EACH_SCREEN
def test_a_check_tried_with_a_key_is_200_nothing_scrolls_sideways_and_each_text_has_contrast(
    read: Read, site: Site, width: int, scheme: str
) -> None:
    page = read(width, scheme)
    look(page, "the list")
    page.click(".authorize")
    page.wait_for_selector(".modal-ux")
    look(page, "the dialog for the key")
    fill_in_key(page, key_of(site.app))
    execute(page, DENIED)
    assert status_of(page) == "200"
    assert '"decision": "deny"' in page.inner_text(f"{ANSWER} .highlight-code >> nth=0")
    look(page, "an answered check")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_readers_choice_of_light_or_dark(read: Read, scheme: str) -> None:
    other = {"light": "dark", "dark": "light"}[scheme]
    page = read(scheme=scheme)
    assert scheme_of(page) == scheme
    page.emulate_media(color_scheme=other)  # type: ignore[arg-type]
    page.wait_for_selector(STYLED[other], state="attached")
    assert scheme_of(page) == other


def test_a_text_without_contrast_would_be_found(read: Read) -> None:
    page = read()
    page.evaluate("document.querySelector('.info p').style.color = 'rgb(250, 250, 250)'")
    with pytest.raises(AssertionError, match="faint"):
        look(page, "a faint text")


def look(page: Page, name: str) -> None:
    """Assert that the page is no wider than the screen, and that each text can be read."""
    assert not page.evaluate(_WIDER), f"{name} is wider than the screen"
    violations = Axe().run(page, options=CONTRAST).response["violations"]
    assert [node["html"][:120] for rule in violations for node in rule["nodes"]] == [], (
        f"faint: {name}"
    )


def fill_in_key(page: Page, key: str) -> None:
    """Enter the API key in the open dialog and close it."""
    dialog = page.locator(".auth-container").filter(has_text="API key").first
    dialog.locator("input").fill(key)
    dialog.locator("button.authorize").click()
    page.click(".btn-done >> nth=0")


def execute(page: Page, body: str) -> None:
    """Open the check, replace its example by a body, and send it."""
    page.click(f"{CHECK} .opblock-summary-control")
    page.fill(f"{CHECK} textarea.body-param__text", body)
    page.click(f"{CHECK} .execute")
    page.wait_for_selector(ANSWER)


def status_of(page: Page) -> str:
    """Return the status of the answer that the page shows."""
    return page.inner_text(f"{ANSWER} tbody .response-col_status").split()[0]


def scheme_of(page: Page) -> str:
    """Return whether the page is `light` or `dark`, by the colours of its background and text."""
    ground, text = page.evaluate(_BRIGHTNESS)
    return "light" if ground > text else "dark"


def bad(kind: str) -> bool:
    """Return whether a kind of message of the browser's console means a fault."""
    return kind in {"error", "warning"}


def key_of(app: Flask) -> str:
    """Return a new API key of the controller okwind, with all scopes."""
    with app.app_context():
        controller = find_controller("okwind")
    return make_key(app, controller)
