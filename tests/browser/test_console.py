"""The console in Chromium, in both languages, from a user's first sign-in on."""

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
from tests.browser.console_in_browser import ConsoleInBrowser
from tests.conftest import Clock
from tests.length import chosen
from tests.serving import bound, running
from tests.web.console.browser import REFERENCE

PHONE = "06 12 34 56 78"
At = Callable[[Role, str], ConsoleInBrowser]
WORDS = {
    "fr": {"save": "Enregistrer", "look": "Rechercher", "show": "Afficher"},
    "en": {"save": "Save", "look": "Look up", "show": "Show"},
}
PAGES = [
    "today",
    "access",
    "domains",
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
    """Yield a function that signs in a new user of a role and returns their browser."""
    services: Services = app.extensions["suppression"]
    with ExitStack() as stack:
        server = stack.enter_context(bound())
        stack.enter_context(running(server, app.wsgi_app))

        def sit_down(role: Role, language: str) -> ConsoleInBrowser:
            with app.app_context():
                password = create_user(services, okwind, f"a.{role}", role, now=clock.now)
            plain = browser.new_context(java_script_enabled=False)
            scripted = browser.new_context(bypass_csp=True)
            stack.callback(plain.close)
            stack.callback(scripted.close)
            console = ConsoleInBrowser(
                address=f"http://127.0.0.1:{server.server_port}",
                page=plain.new_page(),
                examiner=scripted.new_page(),
                clock=clock,
                language=language,
            )
            console.first_time(f"a.{role}", password or "")
            return console

        yield sit_down


def record(console: ConsoleInBrowser, *, phone: str) -> str:
    """Record a stop of calls that came by letter, and return the reference of its case."""
    console.go("/okwind/record")
    console.look("record")
    page = console.page
    page.check("input[name=kinds][value=objection_marketing]")
    page.check("input[name=channels][value=telephone]")
    page.fill("#phones", phone)
    page.fill("#name", "Zoé Petit-Dubois")
    page.select_option("#came_by", "letter")
    page.fill("#received_on", "2026-11-16")
    console.press(WORDS[console.language]["save"])
    console.look("recorded" if phone else "recorded-missing")
    match = REFERENCE.search(page.content())
    assert match
    return match[0]


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="fr"))
def test_a_clerk_records_a_letter_and_the_next_check_denies(
    at: At, api: Api, language: str
) -> None:
    console = at(Role.INTAKE, language)
    record(console, phone=PHONE)
    assert "+33 6 12 34 56 78" in console.page.content()
    assert api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="en"))
def test_a_dpo_finds_nothing_wrong_with_any_page(at: At, api: Api, language: str) -> None:
    console, words = at(Role.DPO, language), WORDS[language]
    missing = record(console, phone="")
    reference = record(console, phone=PHONE)
    for path in PAGES:
        console.go(f"/okwind/{path}")
        console.look(path)
    console.go(f"/okwind/cases/{missing}")
    console.look("case-missing")
    console.go(f"/okwind/cases/{reference}")
    for summary in console.page.locator("details.step > summary").all():
        summary.click()
    console.look("case-open")
    console.go("/okwind/look-up")
    console.page.select_option("#purpose", "complaint")
    console.page.fill("#identifier", PHONE)
    console.page.locator("details > summary").first.click()
    for purpose in Purpose:
        console.page.check(f"input[name=purposes][value={purpose}]")
    console.look("look-up-form")
    console.press(words["look"])
    console.look("look-up")
    console.go("/okwind/access")
    console.page.fill("#identifiers", PHONE)
    console.press(words["show"])
    console.look("access-answer")
    assert api.decision("telephone", PHONE) == "deny"


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="fr"))
def test_a_dpo_stops_a_mail_domain(at: At, api: Api, language: str) -> None:
    console = at(Role.DPO, language)
    console.go("/okwind/domains")
    for domain, name in (("orange.fr", "domain-refused"), ("corp.example", "domain-stopped")):
        console.page.fill("#domain", domain)
        console.press(CONSOLE.text(language, "mail_domains.go"))
        console.look(name)
    assert api.decision("email", "jean.dupont@corp.example") == "deny"
    assert api.decision("email", "jean.dupont@orange.fr") == "allow"


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="fr"))
def test_what_a_change_of_policies_would_do_is_shown_before_it_is_saved(
    at: At, language: str
) -> None:
    console = at(Role.DPO, language)
    console.go("/okwind/policies")
    console.page.fill("#settings", "sms.marketing.rule=opt_in\nemail.marketing.silence_days=30")
    console.press(CONSOLE.text(language, "policies.preview"))
    console.look("policies-preview")
    console.press(CONSOLE.text(language, "settings.change"))
    console.page.fill("#settings", "sms.marketing.rule=opt_out")
    console.press(CONSOLE.text(language, "settings.change"))
    console.look("policies-looser")
    console.page.check("#looser")
    console.press(CONSOLE.text(language, "settings.change"))
    console.look("policies-saved")
    assert console.page.locator("li[value='3']").count() == 1


@pytest.mark.parametrize("language", chosen(CONSOLE.languages, short="en"))
def test_an_operator_makes_a_key_and_looks_nobody_up(at: At, language: str) -> None:
    console = at(Role.OPERATOR, language)
    console.go("/okwind/keys")
    console.look("keys")
    console.page.fill("#name", "dialer")
    console.page.check("input[name=scopes][value=check]")
    console.press(NEW_KEY[language])
    console.look("key-made")
    console.go("/okwind/health")
    console.look("health")
    console.go("/okwind/look-up")
    console.look("not-allowed")
    assert "identifier" not in console.page.content()


def test_the_keyboard_alone_records_a_stop(at: At, api: Api) -> None:
    console = at(Role.INTAKE, "fr")
    console.go("/okwind/record")
    page = console.page
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
