"""The console in Chromium, in both languages, by people who have never seen it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Browser

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import Purpose
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user
from suppression.web.translations.catalogues import CONSOLE
from tests.api import Api
from tests.browser.console_desk import DeskInBrowser
from tests.conftest import Clock
from tests.length import chosen
from tests.serving import bound, running
from tests.web.console.browser import REFERENCE

PHONE = "06 12 34 56 78"
At = Callable[[Role, str], DeskInBrowser]
WORDS = {
    "fr": {"save": "Enregistrer", "look": "Rechercher", "show": "Afficher"},
    "en": {"save": "Save", "look": "Look up", "show": "Show"},
}
PAGES = [
    "today",
    "access",
    "messages",
    "closed",
    "log",
    "users",
    "topics",
    "policies",
    "look",
    "register",
    "answers",
]
NEW_KEY = {"fr": "Nouvelle clé", "en": "New key"}


@pytest.fixture
def okwind(app: Flask, api: Api) -> Controller:
    del api
    with app.app_context():
        return find_controller("okwind")


@pytest.fixture
def at(app: Flask, browser: Browser, clock: Clock, okwind: Controller) -> Iterator[At]:
    """Signs somebody of a role in, for the first time."""
    services: Services = app.extensions["suppression"]
    with ExitStack() as stack:
        server = stack.enter_context(bound())
        stack.enter_context(running(server, app.wsgi_app))

        def sit_down(role: Role, language: str) -> DeskInBrowser:
            with app.app_context():
                password = create_user(services, okwind, f"a.{role}", role, now=clock.now)
            plain = browser.new_context(java_script_enabled=False)
            scripted = browser.new_context(bypass_csp=True)
            stack.callback(plain.close)
            stack.callback(scripted.close)
            desk = DeskInBrowser(
                address=f"http://127.0.0.1:{server.server_port}",
                page=plain.new_page(),
                examiner=scripted.new_page(),
                clock=clock,
                language=language,
            )
            desk.first_time(f"a.{role}", password or "")
            return desk

        yield sit_down


def record(desk: DeskInBrowser, *, phone: str) -> str:
    """A telephone stop that came by letter; its reference."""
    desk.go("/okwind/record")
    desk.look("record")
    page = desk.page
    page.check("input[name=kinds][value=objection_marketing]")
    page.check("input[name=channels][value=telephone]")
    page.fill("#phones", phone)
    page.fill("#name", "Zoé Petit-Dubois")
    page.select_option("#came_by", "letter")
    page.fill("#received_on", "2026-11-16")
    desk.press(WORDS[desk.language]["save"])
    desk.look("recorded" if phone else "recorded-missing")
    found = REFERENCE.search(page.content())
    assert found
    return found[0]


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="fr"))
def test_a_clerk_records_a_letter_and_the_next_check_denies(
    at: At, api: Api, language: str
) -> None:
    desk = at(Role.INTAKE, language)
    record(desk, phone=PHONE)
    assert "+33 6 12 34 56 78" in desk.page.content()
    assert api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="en"))
def test_a_dpo_finds_nothing_wrong_with_any_page(at: At, api: Api, language: str) -> None:
    desk, words = at(Role.DPO, language), WORDS[language]
    missing = record(desk, phone="")
    reference = record(desk, phone=PHONE)
    for path in PAGES:
        desk.go(f"/okwind/{path}")
        desk.look(path)
    desk.go(f"/okwind/cases/{missing}")
    desk.look("case-missing")
    desk.go(f"/okwind/cases/{reference}")
    for summary in desk.page.locator("details.step > summary").all():
        summary.click()
    desk.look("case-open")
    desk.go("/okwind/look-up")
    desk.page.select_option("#purpose", "complaint")
    desk.page.fill("#identifier", PHONE)
    desk.page.locator("details > summary").first.click()
    for purpose in Purpose:
        desk.page.check(f"input[name=purposes][value={purpose}]")
    desk.look("look-up-form")
    desk.press(words["look"])
    desk.look("look-up")
    desk.go("/okwind/access")
    desk.page.fill("#identifiers", PHONE)
    desk.press(words["show"])
    desk.look("access-answer")
    assert api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="fr"))
def test_what_a_change_of_policies_would_do_is_shown_before_it_is_saved(
    at: At, language: str
) -> None:
    desk = at(Role.DPO, language)
    desk.go("/okwind/policies")
    desk.page.fill("#settings", "sms.marketing.rule=opt_in\nemail.marketing.silence_days=30")
    desk.press(CONSOLE.text(language, "policies.preview"))
    desk.look("policies-foreseen")
    desk.press(CONSOLE.text(language, "settings.change"))
    desk.page.fill("#settings", "sms.marketing.rule=opt_out")
    desk.press(CONSOLE.text(language, "settings.change"))
    desk.look("policies-looser")
    desk.page.check("#looser")
    desk.press(CONSOLE.text(language, "settings.change"))
    desk.look("policies-saved")
    assert desk.page.locator("li[value='3']").count() == 1


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="en"))
def test_an_operator_makes_a_key_and_looks_nobody_up(at: At, language: str) -> None:
    desk = at(Role.OPERATOR, language)
    desk.go("/okwind/keys")
    desk.look("keys")
    desk.page.fill("#name", "dialer")
    desk.page.check("input[name=scopes][value=check]")
    desk.press(NEW_KEY[language])
    desk.look("key-made")
    desk.go("/okwind/health")
    desk.look("health")
    desk.go("/okwind/look-up")
    desk.look("not-allowed")
    assert "identifier" not in desk.page.content()


def test_the_keyboard_alone_records_a_stop(at: At, api: Api) -> None:
    desk = at(Role.INTAKE, "fr")
    desk.go("/okwind/record")
    page = desk.page
    keys = page.keyboard
    page.focus("input[name=kinds]")
    keys.press("Space")
    page.focus("input[name=channels][value=telephone]")
    keys.press("Space")
    page.focus("#phones")
    keys.type(PHONE)
    page.focus("#came_by")
    keys.press("ArrowDown")
    page.focus("#received_on")
    page.fill("#received_on", "2026-11-16")
    with page.expect_navigation():
        keys.press("Enter")
    assert api.decision("telephone", PHONE) == "deny"
