"""Rules of users: logins, passwords, growing delays after failures, and ends of sessions."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.errors import InvalidValueError
from suppression.domain.users.model import (
    IDLE,
    LONGEST_SESSION,
    Session,
    Stage,
    User,
    valid_login,
    valid_password,
)
from suppression.domain.users.roles import Role
from suppression.domain.users.sign_in_delays import delay_after

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
USER = User(
    number=3,
    login="m.durand",
    temporary=False,
    enrolled=True,
    disabled=False,
    roles={"okwind": Role.DPO},
)
SESSION = Session(user=USER, stage=Stage.FULL, started_at=NOW, seen_at=NOW, ended_at=None)


def test_a_user_is_named_by_number_for_a_login_may_change() -> None:
    assert USER.actor == "user:3"


@pytest.mark.parametrize(("temporary", "enrolled"), [(True, True), (False, False), (True, False)])
def test_a_user_is_new_until_password_and_codes_are_their_own(
    *, temporary: bool, enrolled: bool
) -> None:
    assert dataclasses.replace(USER, temporary=temporary, enrolled=enrolled).new
    assert not USER.new


@pytest.mark.parametrize(
    "text", ["", "m", "M.Durand", "m.durand@example.fr", "a b c", "-abc", "x" * 33]
)
def test_a_login_is_short_and_no_address(text: str) -> None:
    with pytest.raises(InvalidValueError):
        valid_login(text)


@pytest.mark.parametrize("text", ["short", "m.durand-m.durand", "x" * 201])
def test_a_password_is_long_and_not_the_login(text: str) -> None:
    with pytest.raises(InvalidValueError):
        valid_password(text, login="m.durand")


def test_delays_grow_and_have_an_end() -> None:
    delays = [delay_after(failures) for failures in range(60)]
    assert delays == sorted(delays)
    assert delays[3] == timedelta(0)
    assert delays[-1] == timedelta(minutes=15)


def test_a_session_ends_idle_and_after_a_day() -> None:
    assert SESSION.holds(NOW + IDLE)
    assert not SESSION.holds(NOW + IDLE + timedelta(seconds=1))
    late = NOW + LONGEST_SESSION
    busy = dataclasses.replace(SESSION, seen_at=late)
    assert busy.holds(late)
    assert not busy.holds(late + timedelta(seconds=1))


def test_a_session_that_was_ended_or_whose_user_is_disabled_opens_nothing() -> None:
    assert not dataclasses.replace(SESSION, ended_at=NOW).holds(NOW)
    disabled = dataclasses.replace(USER, disabled=True)
    assert not dataclasses.replace(SESSION, user=disabled).holds(NOW)


def test_a_timeline_names_a_user_by_number() -> None:
    assert USER.actor == "user:3"
