"""The recipient pages are used by keyboard alone, and the focus is always visible."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.site import Site

PERSON = "jean.dupont@example.fr"
_IS_AT = "selector => document.activeElement.matches(selector)"
_RING = """() => { const style = getComputedStyle(document.activeElement);
  return [style.outlineStyle, parseFloat(style.outlineWidth)] }"""
_MOST_STEPS = 30


def go_to(page: Page, selector: str) -> None:
    """Press Tab until the selected element has the focus; fail if it shows no focus ring."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(_IS_AT, selector):
            break
    assert page.evaluate(_IS_AT, selector), f"no way to {selector} by keyboard"
    style, width = page.evaluate(_RING)
    assert (style != "none", width >= 2) == (True, True), selector


def press_return(page: Page, selector: str) -> None:
    """Move the focus to an element and press Enter, which must lead to the next page."""
    go_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_stop_and_its_undo_by_keyboard(visit: Visit, site: Site, lang: str, width: int) -> None:
    page = visit(width).page
    page.goto(site.link(PERSON, lang=lang))
    go_to(page, ".skip")
    press_return(page, "button[value='all']")
    press_return(page, "form.undo button")
    assert page.locator("form").count() == 0
    assert (
        page.inner_text("h1")
        == {"fr": "Votre clic est annul\xe9", "en": "Your click is undone"}[lang]
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_choices_by_keyboard(visit: Visit, site: Site, lang: str) -> None:
    page = visit(320).page
    page.goto(site.link(PERSON, lang=lang))
    press_return(page, ".ways a")
    go_to(page, "#topic-offers")
    page.keyboard.press("Space")
    go_to(page, "#phone")
    page.keyboard.type("06 12 34 56 78")
    press_return(page, "main button")
    assert page.locator(".panel strong").count() == 1
    assert page.locator("main li").count() == 3


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_form_by_keyboard_with_a_mistake(visit: Visit, site: Site, lang: str) -> None:
    page = visit(320).page
    page.goto(site.at("/stop/okwind", lang))
    go_to(page, "#telephone")
    page.keyboard.press("Space")
    press_return(page, "main button")
    press_return(page, "form button")
    page.wait_for_function(_IS_AT, arg=".summary")  # the browser gives it the focus on its own
    go_to(page, ".summary a")
    page.keyboard.press("Enter")
    assert page.evaluate(_IS_AT, "#phone"), "its link leads into the field"
    page.keyboard.type("06 12 34 56 78")
    press_return(page, "form button")
    assert page.locator(".panel strong").count() == 1


def test_details_open_by_keyboard(visit: Visit, site: Site) -> None:
    page = visit(320).page
    page.goto(site.link(PERSON))
    go_to(page, "summary")
    page.keyboard.press("Enter")
    assert page.is_visible("dl")
