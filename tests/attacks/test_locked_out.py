"""An attacker who knows a login can neither lock out its owner nor guess the password quickly."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.domain.users.sign_in_delays import FREE_FAILURES_IN_ALL, SignInClient
from suppression.storage.engine.base import db
from suppression.storage.users import sign_in_delays
from suppression.storage.users.tables import DbSignInDelay
from suppression.usecases.operations.retention import purge_attempts
from suppression.usecases.services import Services
from suppression.usecases.users.manage import reset_password
from suppression.usecases.users.sign_in import Attempt, verify_password_step
from tests.api import make_controller
from tests.conftest import Clock
from tests.web.console.browser import OWN, Browser, signed_in

LOGIN = "m.durand"
OFFICE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


class Guesser:
    """An attacker who knows a login and tries passwords by the use case, from any network."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.services: Services = app.extensions["suppression"]
        self.app, self.clock = app, clock

    def tries(
        self, password: str, *, network: str = "attacker", login: str = LOGIN, device: str = ""
    ) -> Attempt:
        client = SignInClient(network=network, device=device)
        with self.app.app_context():
            return verify_password_step(
                self.services, login, password, client=client, now=self.clock.now
            )

    def guesses_from_everywhere(self, networks: int) -> int:
        """Guess from each network until it must wait; return how many guesses were verified."""
        judged = 0
        for network in range(networks):
            while not self.tries("wrong", network=f"network {network}").wait:
                judged += 1
                if judged > 10 * FREE_FAILURES_IN_ALL:
                    return judged
        return judged


@pytest.fixture
def controller(app: Flask) -> Controller:
    return make_controller(app, "okwind")


@pytest.fixture
def owner(app: Flask, clock: Clock, seen: set[str], controller: Controller) -> Browser:
    """Return the browser in which the owner of the login has signed in once."""
    return signed_in(app, clock, seen, {controller: Role.DPO}, login=LOGIN)


@pytest.fixture
def guesser(app: Flask, clock: Clock, owner: Browser) -> Guesser:
    del owner
    return Guesser(app, clock)


def sign_in(browser: Browser, address: str, password: str = OWN, login: str = LOGIN) -> int:
    """Send a login and a password from an IP address; return the status."""
    browser.client.environ_base["REMOTE_ADDR"] = address
    browser.get("/sign-in")
    return browser.post("/sign-in", {"login": login, "password": password}).status_code


def fresh(browser: Browser, app: Flask) -> Browser:
    """Return a new browser, without cookies."""
    return Browser(app, browser.clock, browser.seen)


def test_the_owner_gets_in_while_somebody_else_fails_all_day(
    app: Flask, clock: Clock, owner: Browser
) -> None:
    attacker, elsewhere = fresh(owner, app), fresh(owner, app)
    failed, statuses = set(), set()
    for _ in range(20):
        failed |= {sign_in(attacker, ELSEWHERE, "wrong") for _ in range(3)}
        statuses.add(sign_in(elsewhere, OFFICE))
        clock.turn(seconds=40)
    assert failed == {422, 429}
    assert statuses == {303}, "it once was 429 for each of 99 right passwords"


def test_a_browser_that_signed_in_before_is_let_in_from_the_attackers_own_network(
    app: Flask, owner: Browser, guesser: Guesser
) -> None:
    attacker, network = fresh(owner, app), ELSEWHERE
    while sign_in(attacker, network, "wrong") != 429:
        pass
    assert guesser.guesses_from_everywhere(40) > 0
    assert sign_in(fresh(owner, app), network) == 429, "without the cookie it waits"
    assert sign_in(owner, network) == 303


def test_guesses_from_many_networks_are_few_in_all(clock: Clock, guesser: Guesser) -> None:
    assert guesser.guesses_from_everywhere(300) <= FREE_FAILURES_IN_ALL + 1
    hours = 0
    for hour in range(23):
        clock.turn(hours=1)
        hours += not guesser.tries("wrong", network=f"later {hour}").wait
    judged = sum(not guesser.tries("wrong", network=f"at once {i}").wait for i in range(50))
    assert (hours, judged) == (23, 0)


def test_a_reset_lets_the_owner_in_at_once(clock: Clock, guesser: Guesser) -> None:
    guesser.guesses_from_everywhere(40)
    assert guesser.tries(OWN, network="attacker").wait
    with guesser.app.app_context():
        temporary = reset_password(guesser.services, LOGIN, now=clock.now)
    assert guesser.tries(temporary, network="network 1").token


def test_a_browser_is_remembered_for_those_who_signed_in_there_alone(
    app: Flask, clock: Clock, owner: Browser, guesser: Guesser, controller: Controller
) -> None:
    second = signed_in(app, clock, owner.seen, {controller: Role.INTAKE}, login="p.petit")
    cookies = [_device(owner), _device(second)]
    assert all(cookies)
    guesser.guesses_from_everywhere(40)
    forged = [cookies[1], cookies[0][:-1] + "0", cookies[0][:-1] + "1", "~".join(["x.y.z"] * 9)]
    waits = [bool(guesser.tries(OWN, device=cookie).wait) for cookie in [*forged, "~" * 4000]]
    assert waits.count(True) >= 4, "one of the two ends is the true one"
    assert guesser.tries(OWN, device=cookies[0]).token
    both = f"{cookies[1]}~{cookies[0]}"
    assert guesser.tries(OWN, device=both).token, "a browser of two users knows both"
    clock.turn(days=401)
    guesser.guesses_from_everywhere(40)
    assert guesser.tries(OWN, device=cookies[0]).wait


def test_a_stolen_cookie_guesses_no_faster(owner: Browser, guesser: Guesser) -> None:
    cookie = _device(owner)
    waits = [guesser.tries("wrong", device=cookie).wait.total_seconds() for _ in range(8)]
    assert waits[-1] > 0
    assert guesser.tries(OWN, network="home").token, "nor does it delay anybody else"


def test_logins_that_nobody_has_fill_no_table(
    clock: Clock, guesser: Guesser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_delays, "MOST_ROWS", 40)
    for _ in range(6):
        guesser.tries("wrong", network="attacker")
    for number in range(60):
        guesser.tries("wrong", login=f"nobody.{number}", network="attacker")
        assert _rows(guesser.app) <= 42
    assert guesser.tries(OWN, network="attacker").wait, "what most failed at is kept"
    clock.turn(hours=25)
    with guesser.app.app_context():
        assert purge_attempts(now=clock.now) > 0
    assert _rows(guesser.app) == 0


def test_a_full_table_frees_no_guesses(
    clock: Clock, guesser: Guesser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack: fill the table with logins that nobody has, each tried more than once.

    The count with the fewest failures was deleted, and that was always the newest guess's count.
    """
    monkeypatch.setattr(sign_in_delays, "MOST_ROWS", 40)
    for number in range(20):
        for _ in range(2):
            guesser.tries("wrong", login=f"nobody.{number}", network="attacker")
        clock.turn(milliseconds=10)
    judged = 0
    for _ in range(200):
        judged += not guesser.tries("wrong", network="attacker").wait
        clock.turn(milliseconds=10)
    assert judged < 10
    assert _rows(guesser.app) <= 42


def test_attempts_that_wait_make_no_counts(guesser: Guesser) -> None:
    """Otherwise their sender could cheaply push the counts of others out of the table."""
    guesser.guesses_from_everywhere(40)
    before = _rows(guesser.app)
    assert all(guesser.tries("wrong", network=f"one of a /48, {i}").wait for i in range(30))
    assert _rows(guesser.app) == before


def test_nothing_tells_a_login_that_nobody_has(clock: Clock, guesser: Guesser) -> None:
    told: dict[str, list[object]] = {LOGIN: [], "nobody": []}
    for login, seen in told.items():
        for _ in range(12):
            statements, wait = _statements(guesser, login)
            seen.append((statements, wait))
            clock.turn(seconds=wait)
    assert told[LOGIN] == told["nobody"]


def _statements(guesser: Guesser, login: str) -> tuple[list[str], float]:
    """Try a wrong password; return its SQL statements and the seconds that one must wait."""
    statements: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        statements.append(statement)

    with guesser.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        wait = guesser.tries("wrong", login=login).wait.total_seconds()
        event.remove(db.engine, "before_cursor_execute", note)
    return statements, wait


def _device(browser: Browser) -> str:
    cookie = browser.client.get_cookie("__Secure-console-device", path="/console")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "Strict")
    return cookie.value


def _rows(app: Flask) -> int:
    with app.app_context(), db.engine.connect() as connection:
        statement = select(func.count()).select_from(DbSignInDelay)
        return connection.execute(statement).scalar_one()
