"""Sign-in takes two steps, delays guesses, ends sessions, and reveals no existing login."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text

from suppression.adapters.crypto.case_cipher import CaseCipher
from suppression.adapters.crypto.totp import verify_totp
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidValueError,
    KeyMismatchError,
)
from suppression.domain.users.model import Stage
from suppression.domain.users.roles import Role
from suppression.domain.users.sign_in_delays import SignInClient
from suppression.storage.engine.base import db
from suppression.usecases.services import Services
from suppression.usecases.users.manage import change_role, create_user, list_users, reset_password
from suppression.usecases.users.sign_in import (
    Attempt,
    code_setup,
    enrol,
    find_session,
    sign_out,
    verify_code_step,
    verify_password_step,
)
from tests.api import make_controller
from tests.conftest import Clock

OWN = "a password of her own"
HERE = SignInClient(network="192.0.2.0/24")


class User:
    """A user who signs in by the use cases."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.services: Services = app.extensions["suppression"]
        self.clock = clock
        self.secret = ""

    def password(self, password: str, login: str = "m.durand") -> Attempt:
        return verify_password_step(self.services, login, password, client=HERE, now=self.clock.now)

    def code(self, token: str, code: str | None = None) -> Attempt:
        code = code or self.current()
        return verify_code_step(self.services, token, code, client=HERE, now=self.clock.now)

    def current(self) -> str:
        """Turn the clock to the next step and return its code, which was not used before."""
        self.clock.turn(seconds=30)
        return pyotp.TOTP(self.secret).at(self.clock.now)

    def first_time(self, temporary: str, login: str = "m.durand") -> Attempt:
        token = self.password(temporary, login).token
        session = find_session(token, now=self.clock.now)
        assert session is not None
        self.secret = code_setup(self.services, session).secret
        code = self.current()
        return self.enrols(token, code)

    def enrols(self, token: str, code: str = "000000", password: str = OWN) -> Attempt:
        now = self.clock.now
        return enrol(self.services, token, password=password, code=code, client=HERE, now=now)


@pytest.fixture
def controller(app: Flask) -> Iterator[Controller]:
    made = make_controller(app, "okwind")
    with app.app_context():
        yield made


@pytest.fixture
def user(app: Flask, clock: Clock) -> User:
    return User(app, clock)


@pytest.fixture
def temporary(user: User, controller: Controller) -> str:
    made = create_user(user.services, controller, "m.durand", Role.DPO, now=user.clock.now)
    assert made is not None
    return made


@pytest.fixture
def recovery(user: User, temporary: str) -> tuple[str, ...]:
    """Sign the user in for the first time and return their recovery codes."""
    return user.first_time(temporary).recovery_codes


def stage(user: User, token: str) -> Stage | None:
    session = find_session(token, now=user.clock.now)
    return session.stage if session else None


def test_the_first_time_ends_with_codes_and_a_full_session(user: User, temporary: str) -> None:
    attempt = user.first_time(temporary)
    assert stage(user, attempt.token) is Stage.FULL
    assert len(set(attempt.recovery_codes)) == 10
    assert user.password(temporary).token == ""
    assert user.password(OWN).token != ""


def test_a_password_alone_opens_half_a_session(user: User, recovery: tuple[str, ...]) -> None:
    del recovery
    half = user.password(OWN).token
    assert stage(user, half) is Stage.PASSWORD
    full = user.code(half).token
    assert stage(user, full) is Stage.FULL
    assert stage(user, half) is None, "the first token must not live on"


def test_a_code_counts_once(user: User, recovery: tuple[str, ...]) -> None:
    del recovery
    code = user.current()
    assert user.code(user.password(OWN).token, code).token
    assert not user.code(user.password(OWN).token, code).token


def test_a_recovery_code_counts_once_however_it_is_typed(
    user: User, recovery: tuple[str, ...]
) -> None:
    typed = recovery[0].lower().replace("-", " ")
    assert user.code(user.password(OWN).token, typed).token
    assert not user.code(user.password(OWN).token, recovery[0]).token
    assert user.code(user.password(OWN).token, recovery[1]).token


def test_the_temporary_password_leads_nowhere_but_to_ones_own(user: User, temporary: str) -> None:
    half = user.password(temporary).token
    assert not user.code(half, "000000").token
    with pytest.raises(InvalidValueError):
        user.enrols(half, password="short")
    assert not user.enrols(half).token


def test_nobody_sets_up_codes_twice(user: User, recovery: tuple[str, ...]) -> None:
    del recovery
    half = user.password(OWN).token
    assert user.enrols(half, user.current()) == Attempt()
    assert user.enrols("none") == Attempt()


def test_who_made_the_temporary_password_neither_knows_the_codes_nor_waits_for_the_user(
    user: User, temporary: str
) -> None:
    spy = User.__new__(User)
    spy.services, spy.clock = user.services, user.clock
    waiting = user.password(temporary).token
    session = find_session(waiting, now=user.clock.now)
    assert session is not None
    spy.secret = code_setup(user.services, session).secret
    assert user.first_time(temporary).token
    assert spy.secret != user.secret
    assert stage(user, waiting) is None
    assert not spy.code(waiting).token
    assert not spy.code(user.password(OWN).token).token


@pytest.mark.parametrize("login", ["m.durand", "nobody"])
def test_failures_make_one_wait_longer_and_longer(
    user: User, recovery: tuple[str, ...], login: str
) -> None:
    del recovery
    waits = []
    for _ in range(30):
        wait = user.password("wrong", login).wait
        waits.append(wait.total_seconds())
        user.clock.turn(seconds=wait.total_seconds())
    assert waits[:5] == [0, 0, 0, 0, 0]
    assert max(waits) == 900
    if login == "m.durand":
        user.clock.turn(minutes=20)
        assert user.password(OWN).token


def test_one_who_has_the_password_does_not_guess_the_code(
    user: User, recovery: tuple[str, ...]
) -> None:
    del recovery
    half = user.password(OWN).token
    guesses = [user.code(half, f"{number:06}") for number in range(20)]
    assert guesses[-1].wait.total_seconds() > 0
    assert user.code(half, "wrong").wait.total_seconds() > 0


def test_a_guess_while_waiting_is_not_even_looked_at(user: User, recovery: tuple[str, ...]) -> None:
    del recovery
    for _ in range(6):
        user.password("wrong")
    early = user.password(OWN)
    assert (early.token, early.wait.total_seconds() > 0) == ("", True)


def test_setting_up_codes_is_no_way_around_the_delay(user: User, temporary: str) -> None:
    half = user.password(temporary).token
    tries = [user.enrols(half) for _ in range(8)]
    assert tries[-1].wait.total_seconds() > 0


def test_sessions_end_idle_after_a_day_and_at_sign_out(user: User, temporary: str) -> None:
    token = user.first_time(temporary).token
    for _ in range(23):
        user.clock.turn(minutes=30)
        assert stage(user, token) is Stage.FULL
    user.clock.turn(minutes=31)
    assert stage(user, token) is None
    token = user.code(user.password(OWN).token).token
    sign_out(token, now=user.clock.now)
    assert stage(user, token) is None


def test_a_reset_ends_every_session_and_all_that_proved_the_user(
    user: User, controller: Controller, recovery: tuple[str, ...]
) -> None:
    token = user.code(user.password(OWN).token).token
    fresh = reset_password(user.services, "m.durand", now=user.clock.now)
    assert stage(user, token) is None
    assert not user.password(OWN).token
    half = user.password(fresh).token
    assert not user.code(half, recovery[3]).token
    assert [user.temporary for user in list_users(controller)] == [True]


def test_a_dpo_resets_nobody_who_serves_others_too(app: Flask, user: User, temporary: str) -> None:
    del temporary
    other = make_controller(app, "okonect")
    assert create_user(user.services, other, "m.durand", Role.INTAKE, now=user.clock.now) is None
    with pytest.raises(ForbiddenError):
        reset_password(user.services, "m.durand", within=frozenset({"okwind"}), now=user.clock.now)
    with pytest.raises(InvalidValueError):
        reset_password(user.services, "nobody", now=user.clock.now)


def test_a_role_is_one_per_controller_and_nobody_changes_their_own(
    user: User, controller: Controller, temporary: str
) -> None:
    now = user.clock.now
    with pytest.raises(ConflictError):
        create_user(user.services, controller, "m.durand", Role.OPERATOR, now=now)
    create_user(user.services, controller, "p.petit", Role.INTAKE, now=now)
    durand, petit = list_users(controller)
    with pytest.raises(ForbiddenError):
        change_role(controller, "m.durand", Role.OPERATOR, by=durand, now=now)
    with pytest.raises(InvalidValueError):
        change_role(controller, "nobody", None, by=durand, now=now)
    token = user.password(temporary).token
    change_role(controller, "m.durand", Role.AUDITOR, by=petit, now=now)
    assert stage(user, token) is None
    change_role(controller, "p.petit", None, by=durand, now=now)
    assert [(user.login, user.roles) for user in list_users(controller)] == [
        ("m.durand", {"okwind": Role.AUDITOR})
    ]


def test_a_user_who_was_disabled_opens_nothing(user: User, recovery: tuple[str, ...]) -> None:
    del recovery
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE console_users SET disabled_at = '2026-11-21 00:00:00+00'"))
    assert not user.password(OWN).token


def test_no_secret_stands_in_the_database(
    user: User, temporary: str, recovery: tuple[str, ...], seen: set[str]
) -> None:
    half = user.password(OWN).token
    seen.update({temporary, OWN, user.secret, half, *recovery})


def test_what_is_encrypted_for_one_place_is_not_read_in_another() -> None:
    old, new = CaseCipher({1: bytes(32)}), CaseCipher({1: bytes(32), 2: b"x" * 32})
    token = old.encrypt({"name": "Zoé"}, bound="case:1")
    assert new.decrypt(token, bound="case:1") == {"name": "Zoé"}
    with pytest.raises(KeyMismatchError):
        new.decrypt(token, bound="case:2")
    with pytest.raises(KeyMismatchError):
        old.decrypt(new.encrypt("x", bound="case:1"), bound="case:1")


def test_a_code_of_the_steps_beside_is_taken(clock: Clock) -> None:
    secret = pyotp.random_base32()
    step = int(clock.now.timestamp()) // 30
    for nearby in (step - 1, step, step + 1):
        code = pyotp.TOTP(secret).generate_otp(nearby)
        assert verify_totp(secret, f"{code[:3]} {code[3:]}", after=0, now=clock.now) == nearby
    far = pyotp.TOTP(secret).generate_otp(step + 2)
    assert verify_totp(secret, far, after=0, now=clock.now) is None
