"""Users of the console: logins, passwords, and the periods for which a session is valid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from suppression.domain.errors import InvalidValueError
from suppression.domain.users.roles import Role

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,30}[a-z0-9]")
_MIN_PASSWORD_LENGTH = 12
_MAX_PASSWORD_LENGTH = 200
RECOVERY_CODES = 10
IDLE = timedelta(minutes=30)
"""A session ends after this long without a request."""
LONGEST_SESSION = timedelta(hours=12)
TOUCH_INTERVAL = timedelta(minutes=1)
"""The shortest time between two recorded uses of a session."""


class UserChange(StrEnum):
    """The kind of change of a user, which the ledger records with its actor."""

    CREATED = "created"
    ROLE = "role"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of change, no password
    DISABLED = "disabled"
    ENABLED = "enabled"


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A person who signs in to the console. `roles` has one role per controller, by its slug.

    `temporary`: whether the password was made for the user and must be replaced. `enrolled`:
    whether one-time codes are set up.
    """

    number: int
    login: str
    temporary: bool
    enrolled: bool
    disabled: bool
    roles: Mapping[str, Role] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """The name of this user in the ledger and in the timeline of a case."""
        return user_actor(self.number)

    @property
    def new(self) -> bool:
        """Whether the user still has to set up a password or one-time codes of their own."""
        return self.temporary or not self.enrolled


class Stage(StrEnum):
    """The stage of a session: after the password, or fully signed in."""

    PASSWORD = "password"  # noqa: S105 - a stage, no password
    FULL = "full"


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session of the console. It ends after IDLE without a request, or after LONGEST_SESSION."""

    user: User
    stage: Stage
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Return whether the session is valid at `now`: not over or idle, its user not disabled."""
        return (
            self.ended_at is None
            and not self.user.disabled
            and now <= self.seen_at + IDLE
            and now <= self.started_at + LONGEST_SESSION
        )


def user_actor(number: int) -> str:
    """Return the name of the user with this number in the ledger.

    >>> user_actor(3)
    'user:3'
    """
    return f"user:{number}"


def is_login(text: str) -> bool:
    """Return whether a text has the shape of a login.

    That is 3 to 32 small letters, digits and `._-`, a letter first, a letter or digit last.

    >>> is_login("m.durand"), is_login("m.durand@example.fr")
    (True, False)
    """
    return _LOGIN.fullmatch(text) is not None


def valid_login(text: str) -> str:
    """Return the login. Raise InvalidValueError, which describes a login, for any other text.

    >>> valid_login("m.durand")
    'm.durand'
    """
    if not is_login(text):
        raise InvalidValueError(
            "login: use 3 to 32 small letters, digits, dots and hyphens, no e-mail address."
        )
    return text


def valid_password(text: str, *, login: str) -> str:
    """Return the password unchanged.

    Raise InvalidValueError unless it has 12 to 200 characters and does not contain the login,
    whether in small or in capital letters.

    >>> valid_password("correct horse battery", login="m.durand")
    'correct horse battery'
    """
    if not _MIN_PASSWORD_LENGTH <= len(text) <= _MAX_PASSWORD_LENGTH or login in text.lower():
        raise InvalidValueError(
            f"password: use {_MIN_PASSWORD_LENGTH} to {_MAX_PASSWORD_LENGTH} characters, "
            "without the login in them."
        )
    return text
