"""An invitation gives one role once, even if it is accepted, doubled and revoked at one time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import SuppressionError
from suppression.domain.users.model import User
from suppression.domain.users.roles import Role
from suppression.storage.engine.database import reading
from suppression.storage.users.rows import find_user
from suppression.usecases.services import Services
from suppression.usecases.users.invitations import (
    accept_as_new,
    accept_with_login,
    invite,
    list_invitations,
    revoke_invitation,
)
from suppression.usecases.users.manage import create_user, list_users
from tests.api import make_controller
from tests.conftest import Clock
from tests.e2e.together import together

ROUNDS = 4
AT_ONCE = 4


class Company:
    """A company whose DPO invites `guest`, who has a login for another company."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.services: Services = app.extensions["suppression"]
        self.controller: Controller = make_controller(app, "okwind")
        elsewhere = make_controller(app, "okonect")
        with app.app_context():
            for login, where in (("a.dpo", self.controller), ("p.petit", elsewhere)):
                create_user(self.services, where, login, Role.DPO, now=clock.now)
        self.dpo, self.guest = self.user("a.dpo"), self.user("p.petit")

    def user(self, login: str) -> User:
        with self.app.app_context(), reading() as transaction:
            user = find_user(transaction, login)
        assert user is not None
        return user

    def invites(self, role: Role = Role.INTAKE) -> str:
        with self.app.app_context():
            return invite(self.controller, "p.petit", role, by=self.dpo, now=self.clock.now)

    def accepts(self, code: str) -> None:
        accept_with_login(code, user=self.guest, now=self.clock.now)

    def accepts_as_new(self, code: str) -> None:
        accept_as_new(self.services, code, now=self.clock.now)

    def revokes(self, _code: str) -> None:
        for invitation in list_invitations(self.controller, now=self.clock.now):
            number = invitation.number
            revoke_invitation(self.controller, number, by=self.dpo, now=self.clock.now)

    def at_once(self, works: Sequence[tuple[Callable[[str], None], str]]) -> int:
        """Run functions with their codes in parallel; return how many were not refused.

        Only errors of the service count as refusals; another error fails the test.
        """

        def work(index: int) -> bool:
            do, code = works[index]
            with self.app.app_context():
                try:
                    do(code)
                except SuppressionError:
                    return False
            return True

        return sum(together(len(works), work))

    def users(self) -> int:
        with self.app.app_context():
            return len(list_users(self.controller))


@pytest.fixture
def company(app: Flask, clock: Clock) -> Company:
    return Company(app, clock)


def test_one_invitation_makes_one_user_however_often_it_is_accepted_at_once(
    company: Company,
) -> None:
    for _ in range(ROUNDS):
        before, code = company.users(), company.invites()
        works = [(company.accepts_as_new, code)] * AT_ONCE
        assert company.at_once(works) == 1
        assert company.users() == before + 1


def test_a_new_login_that_is_taken_gets_other_letters(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page said that the invitation was not needed."""
    codes, drawn = [company.invites(), company.invites()], [bytes(5), bytes(5), bytes([1] * 5)]
    letters, draw = iter(drawn), secrets.token_bytes
    monkeypatch.setattr(
        secrets, "token_bytes", lambda size: next(letters) if size == 5 else draw(size)
    )
    for code in codes:
        with company.app.app_context():
            company.accepts_as_new(code)
    assert company.users() == 3
    assert next(letters, None) is None


def test_two_invitations_of_one_login_give_it_one_role(company: Company) -> None:
    works = [(company.accepts, company.invites(role)) for role in list(Role) * 2]
    assert company.at_once(works) == 1
    assert company.users() == 2


def test_an_invitation_that_is_revoked_meanwhile_opens_nothing_or_was_accepted(
    company: Company,
) -> None:
    for _ in range(ROUNDS):
        before, code = company.users(), company.invites()
        company.at_once([(company.accepts_as_new, code), (company.revokes, code)])
        now = company.users()
        assert now - before in {0, 1}
        assert company.at_once([(company.accepts_as_new, code)]) == 0
        assert company.users() == now
