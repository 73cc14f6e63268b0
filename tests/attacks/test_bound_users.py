"""A company cannot add another company's user to its own, or learn which logins exist there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.storage.engine.base import db
from suppression.usecases.operations.retention import purge_invitations
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user, list_users
from tests.conftest import Clock
from tests.web.console.browser import Browser, signed_in

CODE = re.compile(r"<code>([\w-]{32})</code>")
SHOWN = re.compile(r"<code>([^<]+)</code>")
VICTIM = "p.petit"


@pytest.fixture
def attacker(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller, okonect: Controller
) -> Browser:
    """Return a browser in which the DPO of okonect is signed in."""
    del okwind
    return signed_in(app, clock, seen, {okonect: Role.DPO}, login="a.attacker")


@pytest.fixture
def owner(app: Flask, clock: Clock, seen: set[str], okwind: Controller) -> Browser:
    """Return a browser in which the DPO of okwind is signed in."""
    return signed_in(app, clock, seen, {okwind: Role.DPO}, login="o.owner")


@pytest.fixture
def victim(app: Flask, clock: Clock, seen: set[str], okwind: Controller) -> Browser:
    """Return a browser in which a clerk of okwind is signed in, with the login VICTIM."""
    return signed_in(app, clock, seen, {okwind: Role.INTAKE}, login=VICTIM)


@pytest.fixture
def stranger(app: Flask, clock: Clock, seen: set[str]) -> Browser:
    """Return a browser in which nobody is signed in."""
    return Browser(app, clock, seen)


def invited(dpo: Browser, login: str = VICTIM, role: str = "dpo", slug: str = "okonect") -> str:
    """Let a DPO invite a login and return the code of the invitation."""
    dpo.get(f"/{slug}/users")
    dpo.post(f"/{slug}/users", {"login": login, "role": role})
    match = CODE.search(dpo.text)
    assert match, dpo.text
    return match[1]


def send(browser: Browser, code: str, **more: str) -> int:
    """Send a code on the page of invitations and return the status."""
    browser.get("/invitation")
    return browser.post("/invitation", {"invitation": code, **more}).status_code


def accept(browser: Browser, code: str) -> int:
    """Look at the invitation of a code, accept it, and return the status."""
    send(browser, code)
    return browser.post("/invitation", {"invitation": code, "do": "accept"}).status_code


def logins(app: Flask, controller: Controller) -> list[str]:
    """Return the logins of all users with a role for a controller."""
    with app.app_context():
        return [user.login for user in list_users(controller)]


def test_a_dpo_binds_no_user_of_another_company(
    app: Flask, attacker: Browser, owner: Browser, victim: Browser, okonect: Controller
) -> None:
    attacker.get("/okonect/users")
    attacker.post("/okonect/users", {"login": VICTIM, "role": "intake"})
    assert logins(app, okonect) == ["a.attacker"]
    owner.get("/okwind/users")
    assert owner.post("/okwind/users/disable", {"login": VICTIM}).status_code == 303
    assert victim.get("/okwind/record").status_code == 303


def test_the_answer_is_the_same_whether_or_not_the_login_exists(
    attacker: Browser, victim: Browser
) -> None:
    del victim
    pages = []
    for login in (VICTIM, "n.nobody"):
        code = invited(attacker, login)
        page = attacker.text.replace(code, "CODE").replace(login, "LOGIN")
        page = re.sub(r'value="[^"]+"', "", page)
        pages.append(re.sub(r"<h2>Open invitations.*?</ul>", "", page, flags=re.DOTALL))
    assert pages[0] == pages[1]


def test_whoever_holds_a_code_learns_no_more(
    app: Flask,
    attacker: Browser,
    victim: Browser,
    stranger: Browser,
    okonect: Controller,
) -> None:
    """A stranger who accepts gets a new login, even if the invited login exists."""
    del victim
    pages = []
    for login in (VICTIM, "n.nobody"):
        code = invited(attacker, login)
        assert send(stranger, code) == 200
        pages.append(re.sub(r'value="[^"]+"', "", stranger.text))
        assert accept(stranger, code) == 200
        made, password = SHOWN.findall(stranger.text)
        assert re.fullmatch(rf"{login}-[2-9a-z]{{5}}", made)
        assert password not in attacker.text
    assert pages[0] == pages[1]
    assert VICTIM not in logins(app, okonect)


def test_the_user_joins_by_accepting_and_both_companies_can_see_it(
    app: Flask, attacker: Browser, victim: Browser, okonect: Controller
) -> None:
    code = invited(attacker, VICTIM, "auditor")
    assert send(victim, code) == 200
    assert "Okonect" in victim.text
    assert logins(app, okonect) == ["a.attacker"]
    victim.clock.turn(seconds=1)
    assert accept(victim, code) == 303
    assert logins(app, okonect) == ["a.attacker", VICTIM]
    assert victim.get("/okonect/today").status_code == 200
    assert victim.get("/okwind/record").status_code == 200
    attacker.get("/okonect/log")
    lines = re.findall(r"<tr><td>.*?</td><td>(.*?)</td><td>(.*?)</td>", attacker.text)
    told = [(who, re.sub(r"<[^>]+>", "", what)) for who, what in lines]
    assert told[:2] == [
        (VICTIM, "user: p.petit, accepted an invitation: auditor: read"),
        ("a.attacker", "user: invitation 1, made: auditor: read"),
    ]
    assert len(set(attacker.references()[:2])) == 1


def test_a_new_person_gets_a_login_and_signs_in(
    app: Flask, clock: Clock, seen: set[str], attacker: Browser, okonect: Controller
) -> None:
    newcomer = Browser(app, clock, seen)
    assert accept(newcomer, invited(attacker, "n.new", "auditor")) == 200
    login, password = SHOWN.findall(newcomer.text)
    newcomer.first_time(login, password)
    assert newcomer.get("/okonect/today").status_code == 200
    assert login in logins(app, okonect)


def test_a_code_works_once(attacker: Browser, victim: Browser, stranger: Browser) -> None:
    code = invited(attacker)
    assert accept(victim, code) == 303
    assert accept(victim, code) == 422
    assert accept(stranger, code) == 422
    assert accept(stranger, "x" * 32) == 422
    again = invited(attacker, "n.new")
    assert accept(stranger, again) == 200
    assert accept(stranger, again) == 422


def test_a_code_ends_after_seven_days(attacker: Browser, stranger: Browser) -> None:
    first, second = invited(attacker, "n.new"), invited(attacker, "n.other")
    attacker.clock.turn(days=7, microseconds=-1)
    assert accept(stranger, first) == 200
    attacker.clock.turn(microseconds=1)
    assert accept(stranger, second) == 422


def test_a_revoked_code_opens_nothing(attacker: Browser, owner: Browser, stranger: Browser) -> None:
    code = invited(attacker)
    (number,) = re.findall(r'name="number" value="(\d+)"', attacker.text)
    owner.get("/okwind/users")
    theirs = owner.post("/okwind/users/invitations", {"number": number})
    assert theirs.status_code == 404
    assert attacker.post("/okonect/users/invitations", {"number": number}).status_code == 303
    assert accept(stranger, code) == 422
    attacker.get("/okonect/users")
    assert VICTIM not in attacker.text
    assert attacker.post("/okonect/users/invitations", {"number": number}).status_code == 404
    attacker.get("/okonect/log")
    assert "revoked" in attacker.text


def test_another_login_than_the_one_invited_does_not_accept(
    app: Flask, attacker: Browser, owner: Browser, okonect: Controller
) -> None:
    assert accept(owner, invited(attacker)) == 422
    assert logins(app, okonect) == ["a.attacker"]


@pytest.mark.parametrize("loss", ["disable", "role"])
def test_nobody_keeps_a_way_back_in_by_invitations_of_their_own(
    app: Flask, attacker: Browser, stranger: Browser, okonect: Controller, loss: str
) -> None:
    """The attack: a DPO who is to leave invites themselves under another name, to accept later."""
    code = invited(attacker, "n.new")
    other = signed_in(app, attacker.clock, attacker.seen, {okonect: Role.DPO}, login="z.other")
    other.get("/okonect/users")
    form = {"login": "a.attacker", "role": "intake"}
    assert other.post(f"/okonect/users/{loss}", form).status_code == 303
    assert accept(stranger, code) == 422


def test_an_invitation_that_is_needless_says_so_and_stays(
    attacker: Browser, victim: Browser
) -> None:
    first, second = invited(attacker), invited(attacker)
    assert accept(victim, first) == 303
    assert send(victim, second) == 422
    assert "have a role in this company already" in victim.text
    attacker.get("/okonect/users")
    assert attacker.post("/okonect/users", {"login": VICTIM, "role": "dpo"}).status_code == 422


def test_no_more_than_fifty_are_open(attacker: Browser) -> None:
    for number in range(50):
        invited(attacker, f"n.new{number}")
    answer = attacker.post("/okonect/users", {"login": "n.one-more", "role": "dpo"})
    assert answer.status_code == 422


def test_nothing_is_joined_without_the_form_of_our_own_page(
    app: Flask, attacker: Browser, victim: Browser, okonect: Controller
) -> None:
    code = invited(attacker)
    sent = victim.post("/invitation", {"invitation": code, "do": "accept"}, token="forged")
    assert sent.status_code == 400
    assert VICTIM not in logins(app, okonect)


def test_the_code_stands_in_no_table_and_no_address(
    app: Flask, attacker: Browser, stranger: Browser, seen: set[str]
) -> None:
    """The fixture `database` searches every table and log for the code."""
    code = invited(attacker, "n.new")
    seen.add(code)
    assert accept(stranger, code) == 200
    assert code not in (stranger.last.headers.get("Location") or "")
    with app.app_context():
        assert purge_invitations(now=attacker.clock.now) == 0
        attacker.clock.turn(days=97)
        assert purge_invitations(now=attacker.clock.now) == 1
        assert db.engine.dialect.name


def test_half_a_session_accepts_nothing_in_its_own_name(
    app: Flask,
    attacker: Browser,
    victim: Browser,
    okonect: Controller,
) -> None:
    """After the password alone the user is not signed in, so the code makes a new login."""
    code = invited(attacker)
    victim.post("/sign-out")
    victim.get("/sign-in")
    victim.post("/sign-in", {"login": VICTIM, "password": "a password of her own"})
    assert accept(victim, code) == 200
    assert VICTIM not in logins(app, okonect)


def test_an_operator_at_the_machine_joins_a_login_directly(
    app: Flask, clock: Clock, victim: Browser, okonect: Controller
) -> None:
    """An operator who runs commands is responsible for every controller, so needs no invitation."""
    del victim
    services: Services = app.extensions["suppression"]
    with app.app_context():
        assert create_user(services, okonect, VICTIM, Role.AUDITOR, now=clock.now) is None
    assert VICTIM in logins(app, okonect)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.AUDITOR, Role.OPERATOR])
def test_nobody_but_a_dpo_invites(browser_as: Callable[[Role], Browser], role: Role) -> None:
    browser = browser_as(role)
    browser.get("/")
    for path in ("/okwind/users", "/okwind/users/invitations"):
        assert browser.post(path, {"login": VICTIM, "role": "dpo"}).status_code == 403


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_speak_both_languages(
    attacker: Browser, stranger: Browser, language: str
) -> None:
    code = invited(attacker, "n.new")
    stranger.get(f"/invitation?lang={language}")
    words = {"fr": "Accepter une invitation", "en": "Accept an invitation"}[language]
    assert words in stranger.text
    assert send(stranger, code) == 200
    assert f'<html lang="{language}">' in stranger.text
    assert "script" not in stranger.text
