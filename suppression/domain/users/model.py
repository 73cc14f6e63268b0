"""Users of the console: logins, passwords, sessions that end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from suppression.domain.errors import InvalidValueError
from suppression.domain.users.roles import Role

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,30}[a-z0-9]")
_SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 200
RECOVERY_CODES = 10
IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)


class Stage(StrEnum):
    """How far a session has come: after the password, or all the way."""

    PASSWORD = "password"  # noqa: S105 - a stage, no password
    FULL = "full"


class UserChange(StrEnum):
    """What was done to a user; the ledger says so, with who did it."""

    CREATED = "created"
    ROLE = "role"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a context, no password
    DISABLED = "disabled"
    ENABLED = "enabled"


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """Somebody who signs in. `roles` are by the controllers' slugs, one for each.

    `temporary`: the password was made for them, and must be replaced. `enrolled`: one-time codes
    are set up.
    """

    number: int
    login: str
    temporary: bool
    enrolled: bool
    disabled: bool
    roles: Mapping[str, Role] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """How the ledger and a timeline name this user."""
        return user_actor(self.number)

    @property
    def new(self) -> bool:
        """Whether a password and codes of their own are still to be set up."""
        return self.temporary or not self.enrolled


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session of the console. It ends by itself, idle or after a day's work."""

    user: User
    stage: Stage
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return (
            self.ended_at is None
            and not self.user.disabled
            and now <= self.seen_at + IDLE
            and now <= self.started_at + LONGEST_SESSION
        )


def user_actor(number: int) -> str:
    """How the ledger names the user of a number.

    >>> user_actor(3)
    'user:3'
    """
    return f"user:{number}"


def is_login(text: str) -> bool:
    """Whether a text can be a login.

    >>> is_login("m.durand"), is_login("m.durand@example.fr")
    (True, False)
    """
    return _LOGIN.fullmatch(text) is not None


def valid_login(text: str) -> str:
    """A login itself, or an error that says what one looks like.

    >>> valid_login("m.durand")
    'm.durand'
    """
    if not is_login(text):
        raise InvalidValueError(
            "login: use 3 to 32 small letters, digits, dots and hyphens, no e-mail address."
        )
    return text


def valid_password(text: str, *, login: str) -> str:
    """A password that is long enough and not the login; InvalidValueError otherwise.

    >>> valid_password("correct horse battery", login="m.durand")
    'correct horse battery'
    """
    if not _SHORTEST_PASSWORD <= len(text) <= _LONGEST_PASSWORD or login in text.lower():
        raise InvalidValueError(
            f"password: use {_SHORTEST_PASSWORD} to {_LONGEST_PASSWORD} characters, "
            "without the login in them."
        )
    return text
