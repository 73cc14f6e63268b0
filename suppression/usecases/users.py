"""Make users, give and take roles, and reset what proves them."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from suppression.adapters.one_time_codes import new_secret
from suppression.adapters.passwords import hash_password
from suppression.domain.controllers import Controller
from suppression.domain.errors import ConflictError, InvalidValueError, NotAllowedError
from suppression.domain.roles import Role
from suppression.domain.users import User, valid_login
from suppression.storage.database import reading, writing
from suppression.storage.session_rows import end_sessions
from suppression.storage.user_rows import (
    add_user,
    logins_of,
    save_user,
    set_recovery_codes,
    set_role,
    user_by_login,
    users_of,
)
from suppression.usecases.services import Services

_PASSWORD_BYTES = 15


def create_user(
    services: Services, controller: Controller, login: str, role: Role, *, now: datetime
) -> str | None:
    """Give a login a role for a controller; a temporary password if the login is new.

    ConflictError if it has a role for this controller already.
    """
    valid_login(login)
    password = _new_password()
    hashed = hash_password(password)
    secret = services.cipher.encrypted(new_secret(), bound=bound_to(login))
    with writing() as transaction:
        user = user_by_login(transaction, login)
        if user and controller.slug in user.roles:
            raise ConflictError("This user has a role for this controller already.")
        number = (
            user.number
            if user
            else add_user(transaction, login, password_hash=hashed, code_secret=secret, now=now)
        )
        set_role(transaction, number, controller, role)
    return None if user else password


def change_role(
    controller: Controller, login: str, role: Role | None, *, by: User, now: datetime
) -> None:
    """Change what a user is to a controller, or take it away; it ends the user's sessions."""
    with writing() as transaction:
        user = user_by_login(transaction, login)
        if user is None or controller.slug not in user.roles:
            raise InvalidValueError("No user of this controller has this login.")
        if user.number == by.number:
            raise NotAllowedError("Nobody changes their own role: ask another DPO.")
        set_role(transaction, user.number, controller, role)
        end_sessions(transaction, user, now=now)


def reset_password(
    services: Services, login: str, *, within: frozenset[str] | None = None, now: datetime
) -> str:
    """A new temporary password; one-time codes are to be set up anew, every session ends.

    `within`: the controllers that whoever asks answers for. A user who serves another one too is
    left alone, or this would be a way into that other one. InvalidValueError for no such user.
    """
    password = _new_password()
    hashed = hash_password(password)
    secret = services.cipher.encrypted(new_secret(), bound=bound_to(login))
    with writing() as transaction:
        user = user_by_login(transaction, login)
        if user is None:
            raise InvalidValueError("No user has this login.")
        if within is not None and not within.issuperset(user.roles):
            raise NotAllowedError("This user serves other controllers too: ask your operator.")
        save_user(
            transaction,
            user,
            password_hash=hashed,
            temporary=True,
            code_secret=secret,
            enrolled=False,
            last_code_step=0,
        )
        set_recovery_codes(transaction, user, [])
        end_sessions(transaction, user, now=now)
    return password


def list_users(controller: Controller) -> list[User]:
    """Everybody with a role for a controller."""
    with reading() as transaction:
        return users_of(transaction, controller)


def find_logins(actors: Collection[str]) -> dict[str, str]:
    """The logins behind actors like `user:3`, for people to read."""
    with reading() as transaction:
        return logins_of(transaction, actors)


def bound_to(login: str) -> str:
    """Where the secret of a user's one-time codes belongs."""
    return f"codes:{login}"


def _new_password() -> str:
    return secrets.token_urlsafe(_PASSWORD_BYTES)
