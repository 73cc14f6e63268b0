"""A DPO takes each kind of case from receipt to closing, in Chromium, in both languages.

All tests share one service and one sign-in per language, to save time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from suppression.domain.cases.letters import answer_kinds_for
from suppression.domain.cases.vocabulary import CaseKind
from suppression.domain.users.roles import Role
from suppression.storage.engine.database import disconnect
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user
from suppression.web.translations.catalogues import CONSOLE
from suppression.wiring.whole import create_app
from tests.api import make_controller
from tests.browser.console_in_browser import ConsoleInBrowser
from tests.conftest import Clock
from tests.databases import Database, migrated_database
from tests.leaks import leaks
from tests.length import long_run, pairs
from tests.serving import bound, running
from tests.web.console.browser import REFERENCE

Office = Callable[[str], ConsoleInBrowser]
ON = "2026-11-20"
NAME, WRITER = "Zoé Petit-Dubois", "Paul Petit-Dubois"

# A short run takes only these kinds; tests/web/console/cases takes all kinds, without a browser.
_KINDS_WITH_MOST_STEPS = [
    CaseKind.ACCESS,
    CaseKind.ERASURE,
    CaseKind.RESTRICTION,
    CaseKind.RECTIFICATION,
]
KINDS = list(CaseKind) if long_run() else _KINDS_WITH_MOST_STEPS


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Yield a function that returns the console of a DPO in a language.

    At the end, fail if the database contains a name or a number in the clear.
    """
    folder = tmp_path_factory.mktemp("office")
    with migrated_database("sqlite", folder) as database, ExitStack() as stack:
        yield _office(browser, database, stack)
        stack.close()
        assert not leaks(database.dump(), [NAME, WRITER, *map(phone_of, CaseKind)])


@pytest.mark.parametrize(("kind", "language"), pairs(KINDS, CONSOLE.languages))
def test_a_case_goes_from_receipt_to_closing(office: Office, kind: CaseKind, language: str) -> None:
    console = office(language)
    journey = Journey(console, kind)
    journey.record()
    for answer in answer_kinds_for(kind):
        console.go(f"/okwind/cases/{journey.reference}/answers/{answer}/{language}")
        console.look(f"{kind}-{answer}")
    for action, fields in STEPS[kind]:
        journey.take(action, **fields)
    console.look(f"{kind}-closed")
    assert (
        CONSOLE.text(language, "state.done") in console.page.locator("main dl").first.inner_text()
    )
    assert console.page.locator("details.step").count() <= 2, "a note, and lifting a mistake"


class Journey:
    """A case of one kind, and the steps that the DPO takes with it."""

    def __init__(self, console: ConsoleInBrowser, kind: CaseKind) -> None:
        self.console, self.page, self.kind, self.reference = console, console.page, kind, ""

    def record(self) -> None:
        """Record the letter and open the page of its case."""
        self.console.go("/okwind/record")
        box = self.page.locator(f"input[name=kinds][value={self.kind}]")
        if not box.is_visible():
            self.page.locator("details > summary").first.click()
        box.check()
        if self.kind.by_channel:
            self.page.check("input[name=channels][value=telephone]")
        self.page.fill("#phones", phone_of(self.kind))
        self.page.fill("#name", NAME)
        if self.kind is CaseKind.DEATH:
            self.page.fill("#writer", WRITER)
        self.page.select_option("#came_by", "letter")
        self.page.fill("#received_on", "2026-11-16")
        self.console.press(self.said("record.save"))
        self.console.look(f"{self.kind}-recorded")
        match = REFERENCE.search(self.page.locator("main").inner_text())
        assert match
        self.reference = match[0]
        self.console.go(f"/okwind/cases/{self.reference}")

    def take(self, action: str, **fields: str) -> None:
        """Take a step of the case by its button; examine the page with the step's form open."""
        self.console.go(f"/okwind/cases/{self.reference}")
        label = self.said(f"step.{action}")
        step = self.page.locator("details.step").filter(
            has=self.page.locator("summary", has_text=re.compile(f"^{re.escape(label)}$"))
        )
        step.locator("summary").click()
        self.console.look(f"{self.kind}-{action}")
        for name, value in fields.items():
            field = step.locator(f"[name={name}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.console.press(label)

    def said(self, key: str) -> str:
        """Return a text of the page in the console's language, by its key."""
        return CONSOLE.text(self.console.language, key)


Step = tuple[str, dict[str, str]]
ANSWERED: Step = ("answered", {"on": ON})
CLOSED: Step = ("close", {})
RECIPIENTS: Step = ("recipients", {"on": ON, "text": "the printer, on the 20th"})
STEPS: dict[CaseKind, list[Step]] = {kind: [ANSWERED, CLOSED] for kind in CaseKind} | {
    CaseKind.OBJECTION_SHARING: [RECIPIENTS, ANSWERED, CLOSED],
    CaseKind.ERASURE: [ANSWERED, RECIPIENTS, CLOSED],
    CaseKind.RESTRICTION: [ANSWERED, ("keep", {}), ("lift", {"told_on": ON}), CLOSED],
    CaseKind.ACCESS: [
        ("identity", {"text": "two people of this name"}),
        ("proof-seen", {"method": "paper_copy", "on": ON}),
        ("proof-destroyed", {"on": ON}),
        ANSWERED,
        CLOSED,
    ],
    CaseKind.RECTIFICATION: [("ask", {"text": "which number?"}), ("resume", {}), ANSWERED, CLOSED],
    CaseKind.PORTABILITY: [("extend", {"told_on": ON, "text": "many files"}), ANSWERED, CLOSED],
}
"""The steps of each kind of case: the needed ones, and every optional one for some kind."""


def phone_of(kind: CaseKind) -> str:
    """Return a phone number that only this kind of case uses, so that no case joins another."""
    return f"06 12 34 56 {list(CaseKind).index(kind):02}"


def _office(browser: Browser, database: Database, stack: ExitStack) -> Office:
    clock, desks = Clock(), dict[str, ConsoleInBrowser]()
    app = create_app(database.settings(), clock=clock, database_clock=clock)
    services: Services = app.extensions["suppression"]
    controller = make_controller(app, "okwind")
    server = stack.enter_context(bound())
    stack.enter_context(running(server, app.wsgi_app))

    def sit_down(language: str) -> ConsoleInBrowser:
        if language in desks:
            return desks[language]
        login = f"dpo.{language}"
        with app.app_context():
            password = create_user(services, controller, login, Role.DPO, now=clock.now)
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
        console.first_time(login, password or "")
        desks[language] = console
        return console

    def hang_up() -> None:
        with app.app_context():
            disconnect()

    stack.callback(hang_up)
    return sit_down
