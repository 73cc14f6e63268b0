"""The console resists CSRF, session fixation, redirects, scripts, guessing and foreign records."""

from __future__ import annotations

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.web.console.rendering import POLICY
from tests.api import Api
from tests.conftest import Clock
from tests.web.console.browser import OWN, STOP, Browser, signed_in

SCRIPT = "<script>alert(1)</script>\"'{{7*7}}"


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_its_token_stores_nothing(clerk: Browser, api: Api, token: str) -> None:
    assert clerk.post("/okwind/record", STOP, token=token).status_code == 400
    assert api.decision("telephone", "06 12 34 56 78") == "allow"


def test_a_token_of_another_session_opens_nothing(clerk: Browser, dpo: Browser) -> None:
    dpo.get("/okwind/today")
    assert clerk.post("/okwind/record", STOP, token=dpo.token()).status_code == 400


def test_a_session_that_was_planted_is_worth_nothing_after_sign_in(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller
) -> None:
    browser = signed_in(app, clock, seen, {okwind: Role.DPO})
    browser.post("/sign-out")
    browser.get("/sign-in")
    browser.post("/sign-in", {"login": "m.durand", "password": "a password of her own"})
    planted = browser.client.get_cookie("__Secure-console", path="/console")
    browser.get("/code")
    assert browser.post("/code", {"code": browser.code()}).status_code == 303
    assert browser.get("/okwind/today").status_code == 200
    assert planted is not None
    browser.client.set_cookie("__Secure-console", planted.value, path="/console", secure=True)
    assert browser.get("/okwind/today").status_code == 303


def test_signing_out_ends_the_session_and_not_only_the_cookie(dpo: Browser) -> None:
    dpo.get("/okwind/today")
    held = dpo.client.get_cookie("__Secure-console", path="/console")
    assert held is not None
    dpo.post("/sign-out")
    dpo.client.set_cookie("__Secure-console", held.value, path="/console", secure=True)
    assert dpo.get("/okwind/today").status_code == 303


def test_the_cookie_is_secure_hidden_and_strict(dpo: Browser) -> None:
    dpo.post("/sign-out")
    page = dpo.get("/sign-in")
    (cookie,) = page.headers.getlist("Set-Cookie")
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/console"):
        assert word in cookie


def test_no_redirect_leads_outside(dpo: Browser) -> None:
    for path in ("/?next=https://evil.example", "//evil.example/sign-in", "/sign-in?next=//evil"):
        location = dpo.get(path).headers.get("Location", "/console")
        assert location.startswith("/console")


def test_every_free_text_is_shown_as_text(dpo: Browser) -> None:
    form = STOP | {"name": SCRIPT, "contact": SCRIPT, "writer": SCRIPT, "phones": SCRIPT}
    dpo.post("/okwind/record", form)
    assert "<script" not in dpo.text
    reference = dpo.reference()
    dpo.post(f"/okwind/cases/{reference}/note", {"text": SCRIPT})
    dpo.get(f"/okwind/cases/{reference}")
    assert "&lt;script&gt;" in dpo.text
    assert "49" not in dpo.text.split("Notes")[1]
    for page in (
        dpo.get(f"/okwind/cases/{reference}/answers/received/en"),
        dpo.post("/okwind/look-up", {"purpose": "request", "identifier": SCRIPT}),
        dpo.post("/okwind/access", {"identifiers": SCRIPT}),
        dpo.post("/okwind/topics", {"slug": SCRIPT, "name_fr": SCRIPT, "name_en": SCRIPT}),
        dpo.post("/okwind/register", {"keep_months": SCRIPT, "signature": SCRIPT}),
        dpo.post("/okwind/users", {"login": SCRIPT, "role": "dpo"}),
        dpo.post("/okwind/policies", {"settings": SCRIPT}),
        dpo.get("/okwind/cases/%3Cscript%3E"),
    ):
        assert "<script" not in page.get_data(as_text=True)
        assert page.headers["Content-Security-Policy"] == POLICY


def test_words_of_a_template_are_never_run(dpo: Browser) -> None:
    dpo.get("/okwind/answers")
    dpo.post(
        "/okwind/answers",
        {"answer": "received", "language": "en", "body": f"{{controller.__class__}} {SCRIPT}"},
    )
    dpo.post("/okwind/record", STOP)
    dpo.get(f"/okwind/cases/{dpo.reference()}/answers/received/en")
    assert "{controller.__class__}" in dpo.text
    assert "<script" not in dpo.text


def test_another_controller_s_case_is_not_there(
    app: Flask, clock: Clock, seen: set[str], dpo: Browser, okonect: Controller
) -> None:
    dpo.post("/okwind/record", STOP)
    reference = dpo.reference()
    other = signed_in(app, clock, seen, {okonect: Role.DPO}, login="other")
    for path in (f"/okonect/cases/{reference}", f"/okwind/cases/{reference}", "/okwind/today"):
        assert other.get(path).status_code == 404
    for action in ("note", "close", "undo", "stop", "refuse"):
        form: dict[str, object] = {
            "text": "x",
            "sure": "yes",
            "phones": "06 12 34 56 78",
            "ground": "excessive",
            "told_on": "2026-11-20",
        }
        for slug in ("okonect", "okwind"):
            sent = other.post(f"/{slug}/cases/{reference}/{action}", form)
            assert sent.status_code == 404, (slug, action)


def test_a_user_of_another_controller_is_neither_reset_nor_given_a_role(
    app: Flask, clock: Clock, seen: set[str], dpo: Browser, okonect: Controller
) -> None:
    signed_in(app, clock, seen, {okonect: Role.DPO}, login="other")
    assert dpo.post("/okwind/users/reset", {"login": "other"}).status_code == 404
    assert dpo.post("/okwind/users/role", {"login": "other", "role": "dpo"}).status_code == 422


def test_guessing_passwords_and_codes_is_slowed_down(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller
) -> None:
    browser = signed_in(app, clock, seen, {okwind: Role.DPO})
    browser.post("/sign-out")
    answers = []
    for _ in range(8):
        browser.get("/sign-in")
        wrong = {"login": "m.durand", "password": "wrong"}
        answers.append(browser.post("/sign-in", wrong))
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    unknown = []
    for _ in range(8):
        browser.get("/sign-in")
        unknown.append(browser.post("/sign-in", {"login": "nobody", "password": "wrong"}))
    assert [response.status_code for response in unknown] == [
        response.status_code for response in answers
    ]


def test_fields_that_no_form_has_change_nothing(dpo: Browser) -> None:
    dpo.post("/okwind/record", STOP | {"state": "done", "due_on": "2099-01-01", "reference": "X"})
    assert "2099" not in dpo.text
    dpo.get(f"/okwind/cases/{dpo.reference()}")
    assert "closed" not in dpo.text.split("Timeline")[0].split("<main")[1].split("To do")[0]


def test_an_operator_makes_no_key_that_reads_about_people(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller
) -> None:
    operator = signed_in(app, clock, seen, {okwind: Role.OPERATOR})
    for scope in ("audit", "cases", "consent", "release", "admin"):
        form = {"name": "x", "scopes": ["check", scope]}
        assert operator.post("/okwind/keys", form).status_code == 403
    assert operator.post("/okwind/keys", {"name": "x", "scopes": "check"}).status_code == 200
    assert "shown once" in operator.text


def test_a_password_alone_never_shows_what_makes_the_codes(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller
) -> None:
    browser = signed_in(app, clock, seen, {okwind: Role.DPO})
    browser.post("/sign-out")
    browser.get("/sign-in")
    browser.post("/sign-in", {"login": "m.durand", "password": OWN})
    for again in (OWN, "another one"):
        answer = browser.post("/first-time", {"password": OWN, "again": again, "code": "000000"})
        assert answer.status_code == 303
        assert browser.secret not in browser.text
