"""Every path through the recipient pages works without scripts, on small and large screens.

It is tried in both languages, and in the light and dark design.
"""

from __future__ import annotations

import pytest

from suppression.domain.errors import DatabaseUnavailableError
from suppression.web.pages import unsubscribe as recipients
from tests.browser.conftest import Visit
from tests.browser.looking import Visitor
from tests.browser.site import Site
from tests.conftest import Clock
from tests.length import long_run, pairs

PERSON = "jean.dupont@example.fr"
PHONE = "06 12 34 56 78"
SCREENS = [(320, "dark"), (1280, "light")]
if long_run():
    SCREENS += [(320, "light"), (1280, "dark")]


@pytest.mark.parametrize(("screen", "lang"), pairs(SCREENS, ["fr", "en"]), ids=str)
def test_every_page_on_every_path_holds(
    visit: Visit, site: Site, screen: tuple[int, str], lang: str
) -> None:
    visitor = visit(*screen)
    by_link(visitor, site, lang)
    by_choices(visitor, site, lang)
    by_form(visitor, site, lang)
    by_mistake(visitor, site, lang)
    assert len(visitor.looked_at) == 19


def by_link(visitor: Visitor, site: Site, lang: str) -> None:
    """Follow a link: stop one topic, then everything, then undo it."""
    link = site.link(PERSON, lang=lang)
    visitor.go(link)
    visitor.look("link")
    visitor.page.click("summary")
    visitor.look("link with its notice")
    visitor.press("button[value='1']")
    visitor.look("topic stopped")
    visitor.go(link)
    visitor.look("link of what is stopped")
    visitor.press("button[value='all']")
    visitor.look("everything stopped")
    visitor.press("form.undo button")
    visitor.look("undone")


def by_choices(visitor: Visitor, site: Site, lang: str) -> None:
    """Go from a link to the choices, and type a number that is unreadable at first."""
    visitor.go(site.link(PERSON, lang=lang))
    visitor.press(".ways a")
    visitor.look("choices")
    visitor.press("main button")
    visitor.look("choices unchanged")
    visitor.page.uncheck("#topic-offers")
    visitor.page.fill("#phone", "12")
    visitor.press("main button")
    visitor.look("choices to mend")
    visitor.page.fill("#phone", PHONE)
    visitor.press("main button")
    visitor.look("choices saved")


def by_form(visitor: Visitor, site: Site, lang: str) -> None:
    """Go from the list of companies through the public form, making every mistake."""
    visitor.go(site.at("/stop", lang))
    visitor.look("companies")
    visitor.press("text=Okwind")
    visitor.look("form, first question")
    visitor.press("main button")
    visitor.look("form, nothing ticked")
    for box in ("what", "telephone", "post", "sharing"):
        visitor.page.check(f"#{box}")
    visitor.press("main button")
    visitor.look("form, fields")
    visitor.page.fill("#email", f"{PERSON}\nnonsense")
    visitor.press("main button")
    visitor.look("form to mend")
    visitor.page.fill("#email", PERSON)
    visitor.page.fill("#phone", PHONE)
    visitor.page.fill("#name", "Jean Dupont")
    visitor.page.fill("#address", "12 rue de la Paix\n75002 Paris")
    visitor.press("main button")
    visitor.look("form done")


def by_mistake(visitor: Visitor, site: Site, lang: str) -> None:
    """Open links that are cut, empty or too old."""
    visitor.go(site.at(site.link(PERSON).removeprefix(site.address)[:-3].partition("?")[0], lang))
    visitor.look("cut link")
    visitor.go(site.at("/u/", lang))
    visitor.look("no link at all")
    visitor.press("main a")
    assert visitor.page.url == site.at("/stop", lang)
    visitor.go(site.at("/r/gone", lang))
    visitor.look("old confirmation")


def test_every_page_holds_at_twice_the_size(visit: Visit, site: Site) -> None:
    visitor = visit(640, "light", 2)
    by_link(visitor, site, "fr")
    by_choices(visitor, site, "fr")
    by_form(visitor, site, "fr")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_of_a_database_that_is_away_holds(
    visit: Visit, site: Site, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseUnavailableError

    visitor = visit(320)
    visitor.go(site.link(PERSON, lang=lang))
    monkeypatch.setattr(recipients, "stop_by_link", away)
    visitor.press("button[value='1']")
    visitor.look("database away")
    heading = {"fr": "Pas encore enregistr\xe9", "en": "Not stored yet"}[lang]
    assert visitor.page.inner_text("h1") == heading


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_pages_of_what_opens_again_hold(
    visit: Visit, site: Site, clock: Clock, lang: str
) -> None:
    link = site.link(PERSON, topic="offers", lang=lang)
    clock.turn(days=1)  # the link is older than the click, so that it may open again
    visitor = visit(320, "dark")
    visitor.go(link)
    visitor.press("button[value='all']")
    clock.turn(hours=1)
    visitor.go(link)
    visitor.press(".ways a")
    visitor.page.check("#topic-offers")
    visitor.look("choices after stopping everything")
    visitor.press("main button")
    visitor.look("opened again")
    visitor.go(link)
    assert visitor.page.locator(".told").count() == 1
    visitor.look("link older than a consent")


def test_the_switch_changes_the_language_and_keeps_the_place(visit: Visit, site: Site) -> None:
    visitor = visit(320)
    visitor.go(site.at("/stop/okwind?what=sms", "fr"))
    visitor.press("nav a")
    assert visitor.page.get_attribute("html", "lang") == "en"
    assert visitor.page.locator("#phone").count() == 1
    assert visitor.page.locator("#email").count() == 0


def test_on_paper_the_reference_stays_and_the_buttons_go(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.go(site.link(PERSON))
    visitor.press("button[value='1']")
    visitor.page.emulate_media(media="print")
    assert visitor.page.is_visible(".panel strong")
    assert not visitor.page.is_visible("button")
    assert not visitor.page.is_visible("nav")
