"""The console refuses forms without a token, ids of other companies, and guesses in parallel."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.domain.users.sign_in_delays import SignInClient
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user
from suppression.usecases.users.sign_in import verify_code_step, verify_password_step
from tests.api import Api
from tests.conftest import Clock
from tests.web.console.browser import OWN, STOP, Browser, signed_in
from tests.web.console.test_who_may_what import routes

SCRIPT = "<script>alert(1)</script>"
PHONE = "+33612345678"
UNCLEAR = f"please do not stop but why do you text me at night {SCRIPT}"
HERE = SignInClient(network="192.0.2.0/24")
MOST_JUDGED = 5  # four free failures, and the one after which a login must wait


@pytest.fixture
def stranger(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller, okonect: Controller
) -> Browser:
    """Return the browser of a DPO of another company."""
    del okwind
    return signed_in(app, clock, seen, {okonect: Role.DPO}, login="stranger")


def test_no_form_of_any_page_is_taken_without_its_token(app: Flask, dpo: Browser) -> None:
    for method, rule in routes(app):
        if method == "POST":
            path = rule.replace("<slug>", "okwind").replace("<reference>", "2222-2222-2222")
            for token in ("", "forged"):
                assert dpo.post(path, token=token).status_code == 400, path
    assert dpo.get("/okwind/today").status_code == 200


def test_a_message_of_another_company_is_not_decided(
    api: Api, dpo: Browser, stranger: Browser
) -> None:
    api.seen.update({PHONE, UNCLEAR})
    api.post("/v1/inbound/sms", {"number": PHONE, "text": UNCLEAR})
    dpo.get("/okwind/messages")
    assert "&lt;script&gt;" in dpo.text
    assert SCRIPT not in dpo.text
    match = re.search(r'name="number" value="(\d+)"', dpo.text)
    assert match
    stranger.get("/okonect/messages")
    for choice in ("stop", "none"):
        form = {"number": match[1], "do": choice}
        assert stranger.post("/okonect/messages", form).status_code == 404
    assert "&lt;script&gt;" in dpo.get("/okwind/messages").get_data(as_text=True)


def test_a_key_of_another_company_is_not_revoked(
    app: Flask, clock: Clock, seen: set[str], api: Api, okonect: Controller
) -> None:
    operator = signed_in(app, clock, seen, {okonect: Role.OPERATOR}, login="operator")
    for number in range(1, 5):
        operator.post("/okonect/keys/revoke", {"number": str(number)})
    assert api.decision("telephone", PHONE) == "allow"


def test_a_user_is_invited_with_what_the_form_asks_and_nothing_else(
    dpo: Browser, stranger: Browser
) -> None:
    form = {"login": "p.petit", "role": "intake", "slug": "okonect", "controller": "okonect"}
    more = {"enrolled": "yes", "temporary": "", "password": OWN, "number": "1", "roles": "dpo"}
    assert dpo.post("/okwind/users", form | more).status_code == 200
    assert OWN not in dpo.text
    assert "p.petit" not in stranger.get("/okonect/users").get_data(as_text=True)
    stranger.post("/sign-in", {"login": "p.petit", "password": OWN})
    assert stranger.last.status_code == 422


def test_scripts_stay_text_in_print_in_words_to_paste_and_in_french(dpo: Browser) -> None:
    form = {"keep_months": "36", "signature": SCRIPT, "other_systems": SCRIPT}
    dpo.post("/okwind/register", form)
    dpo.post("/okwind/record?lang=fr", STOP | {"name": SCRIPT, "contact": SCRIPT})
    reference = dpo.reference()
    pages = [
        dpo.get(f"/okwind/cases/{reference}/answers/done/fr?lang=fr"),
        dpo.get("/okwind/register"),
        dpo.get("/okwind/record"),
        dpo.post("/okwind/record", STOP | {"name": SCRIPT, "received_on": SCRIPT}),
        dpo.post("/okwind/access", {"identifiers": PHONE}),
    ]
    for page in pages:
        assert SCRIPT not in page.get_data(as_text=True)
    assert "&lt;script&gt;" in pages[0].get_data(as_text=True)
    answer = dpo.post("/okwind/access", {"identifiers": PHONE, "as": "json"})
    assert answer.content_type == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["cases/%00", "cases/x%00/note", "cases/%ff", "cases/%F0%9F%98%80"]
)
def test_a_reference_that_is_none_is_not_found(dpo: Browser, path: str) -> None:
    method: Callable[[str], object] = dpo.post if path.endswith("note") else dpo.get
    method(f"/okwind/{path}")
    assert dpo.last.status_code == 404


def test_guesses_at_once_are_counted_one_by_one(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller
) -> None:
    services: Services = app.extensions["suppression"]
    with app.app_context():
        create_user(services, okwind, "p.petit", Role.DPO, now=clock.now)
    browser = signed_in(app, clock, seen, {okwind: Role.DPO})
    browser.post("/sign-out")
    with app.app_context():
        half = verify_password_step(services, "m.durand", OWN, client=HERE, now=clock.now).token
    assert half

    def guess(number: int) -> tuple[bool, bool]:
        with app.app_context():
            code = verify_code_step(services, half, f"{number:06}", client=HERE, now=clock.now)
            password = verify_password_step(
                services, "p.petit", f"guess {number}", client=HERE, now=clock.now
            )
        return not code.wait, not password.wait

    with ThreadPoolExecutor(8) as guessers:
        judged = list(guessers.map(guess, range(24)))
    assert sum(code for code, _ in judged) <= MOST_JUDGED
    assert sum(password for _, password in judged) <= MOST_JUDGED


def test_recovery_codes_are_guessed_no_faster(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller
) -> None:
    browser = signed_in(app, clock, seen, {okwind: Role.DPO})
    browser.post("/sign-out")
    browser.get("/sign-in")
    browser.post("/sign-in", {"login": "m.durand", "password": OWN})
    browser.get("/code")
    guesses = [browser.post("/code", {"code": f"2222-2222-222{n}"}) for n in range(2, 10)]
    assert [response.status_code for response in guesses].count(422) <= MOST_JUDGED
    assert browser.post("/code", {"code": browser.recovery[0]}).status_code == 429
