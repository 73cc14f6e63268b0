"""Create, disable and list users, change their roles, and reset their passwords and codes."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from suppression.adapters.crypto.passwords import hash_password
from suppression.adapters.crypto.totp import new_secret
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import ConflictError, ForbiddenError, InvalidValueError
from suppression.domain.users.model import User, UserChange, user_actor, valid_login
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import EntryType
from suppression.storage.engine.database import Transaction, reading, writing
from suppression.storage.users.rows import (
    add_user,
    controllers_of,
    find_user,
    load_users,
    logins_of,
    save_user,
    set_recovery_codes,
    set_role,
)
from suppression.storage.users.sessions import end_sessions
from suppression.storage.users.sign_in_delays import clear_login
from suppression.usecases.ledger.append import new_audit_context, record_audit_event
from suppression.usecases.services import Services
from suppression.usecases.users.sign_in_attempts import login_digest

_PASSWORD_BYTES = 15
_COMMAND_LINE = "cli"
_NO_ROLE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUser:
    """A user to be stored, with a temporary password. `code_secret` is an encrypted TOTP secret."""

    login: str
    password: str = field(repr=False)
    password_hash: str = field(repr=False)
    code_secret: bytes = field(repr=False)


def prepare_user(services: Services, login: str) -> NewUser:
    """Return a new user to be stored, with a temporary password.

    Hashing is slow: call this outside a transaction.
    """
    password = _new_password()
    return NewUser(
        login=login,
        password=password,
        password_hash=hash_password(password),
        code_secret=services.cipher.encrypt(new_secret(), bound=encryption_context(login)),
    )


def write_user(transaction: Transaction, user: NewUser, *, now: datetime) -> int:
    """Store a new user and return its number. Raises ConflictError if the login is taken."""
    return add_user(
        transaction,
        user.login,
        password_hash=user.password_hash,
        code_secret=user.code_secret,
        now=now,
    )


def create_user(
    services: Services,
    controller: Controller,
    login: str,
    role: Role,
    *,
    now: datetime,
) -> str | None:
    """Give the user of a login a role for a controller; create the user if the login is new.

    Return a new user's temporary password, None for a known login. Only for operators, who are
    responsible for every controller: a DPO uses `invite`. Raises ConflictError if the login already
    has a role for this controller, InvalidValueError for a malformed login.
    """
    valid_login(login)
    fresh = prepare_user(services, login)
    with writing() as transaction:
        user = find_user(transaction, login)
        if user and controller.slug in user.roles:
            raise ConflictError("This user has a role for this controller already.")
        number = user.number if user else write_user(transaction, fresh, now=now)
        set_role(transaction, number, controller, role)
        what = f"{UserChange.ROLE if user else UserChange.CREATED}:{role}"
        _append_entry(transaction, number, what, [controller.number], actor=_COMMAND_LINE, now=now)
    return None if user else fresh.password


def change_role(
    controller: Controller, login: str, role: Role | None, *, by: User, now: datetime
) -> None:
    """Change a user's role for a controller, or remove it for None; end the user's sessions.

    Raises InvalidValueError for a login without a role for this controller, ForbiddenError if `by`
    is that user.
    """
    with writing() as transaction:
        user = find_user(transaction, login)
        if user is None or controller.slug not in user.roles:
            raise InvalidValueError("No user of this controller has this login.")
        if user.number == by.number:
            raise ForbiddenError("Nobody changes their own role: ask another DPO.")
        set_role(transaction, user.number, controller, role)
        end_sessions(transaction, user, now=now)
        what = f"{UserChange.ROLE}:{role or _NO_ROLE}"
        _append_entry(transaction, user.number, what, [controller.number], actor=by.actor, now=now)


def reset_password(
    services: Services,
    login: str,
    *,
    within: frozenset[str] | None = None,
    now: datetime,
    actor: str = _COMMAND_LINE,
) -> str:
    """Reset a user's password and one-time codes; return the new temporary password.

    All sessions of the user end, and earlier failed attempts no longer delay the login.

    `within`: the slugs of the acting user's controllers, None for an operator. Raises
    InvalidValueError for an unknown login. Unless `within` is None, raises ForbiddenError for a
    user who serves no controller, or also others, because a reset would open those to the acting
    user.
    """
    password = _new_password()
    hashed = hash_password(password)
    secret = services.cipher.encrypt(new_secret(), bound=encryption_context(login))
    with writing() as transaction:
        user = _load_user(transaction, login, within)
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
        clear_login(transaction, login_digest(services, login))
        _append_entry_everywhere(transaction, user, UserChange.PASSWORD_RESET, actor=actor, now=now)
    return password


def disable_user(
    login: str,
    *,
    within: frozenset[str] | None = None,
    now: datetime,
    actor: str = _COMMAND_LINE,
) -> None:
    """Prevent a user from signing in; end all their sessions at once.

    `within`: the slugs of the acting user's controllers, None for an operator. Raises
    ForbiddenError if the user is the acting user or, unless `within` is None, serves no controller
    or one outside `within`; InvalidValueError for an unknown login.
    """
    with writing() as transaction:
        user = _load_user(transaction, login, within)
        if user.actor == actor:
            raise ForbiddenError("Nobody disables themselves: ask another DPO.")
        save_user(transaction, user, disabled_at=now)
        end_sessions(transaction, user, now=now)
        _append_entry_everywhere(transaction, user, UserChange.DISABLED, actor=actor, now=now)


def enable_user(
    login: str,
    *,
    within: frozenset[str] | None = None,
    now: datetime,
    actor: str = _COMMAND_LINE,
) -> None:
    """Let a disabled user sign in again, with their earlier password and codes.

    `within`: the slugs of the acting user's controllers, None for an operator. Unless it is None,
    raises ForbiddenError if the user serves no controller or one outside `within`. Raises
    InvalidValueError for an unknown login.
    """
    with writing() as transaction:
        user = _load_user(transaction, login, within)
        save_user(transaction, user, disabled_at=None)
        _append_entry_everywhere(transaction, user, UserChange.ENABLED, actor=actor, now=now)


def list_users(controller: Controller) -> list[User]:
    """Return all users with a role for a controller, ordered by login, disabled ones too."""
    with reading() as transaction:
        return load_users(transaction, controller)


def find_logins(actors: Collection[str]) -> dict[str, str]:
    """Return the logins of the actors that are users, keyed by actor (`user:3`)."""
    with reading() as transaction:
        return logins_of(transaction, actors)


def encryption_context(login: str) -> str:
    """Return the text that binds a login's encrypted TOTP secret to it (`bound` of the cipher)."""
    return f"codes:{login}"


def _load_user(transaction: Transaction, login: str, within: frozenset[str] | None) -> User:
    """Return the user of a login. Raises InvalidValueError for an unknown login.

    Unless `within` is None, raises ForbiddenError if the user also serves controllers outside it,
    or none at all: only an operator decides about a user without any role.
    """
    user = find_user(transaction, login)
    if user is None:
        raise InvalidValueError("No user has this login.")
    if within is not None and not (user.roles and within.issuperset(user.roles)):
        raise ForbiddenError("This user does not serve your controllers alone: ask your operator.")
    return user


def _append_entry_everywhere(
    transaction: Transaction, user: User, what: UserChange, *, actor: str, now: datetime
) -> None:
    """Add a ledger entry for a change of a user that concerns every controller they serve."""
    controllers = controllers_of(transaction, user.number)
    _append_entry(transaction, user.number, what, controllers, actor=actor, now=now)


def _append_entry(
    transaction: Transaction,
    number: int,
    what: str,
    controllers: Collection[int],
    *,
    actor: str,
    now: datetime,
) -> None:
    context = new_audit_context(actor, now=now, ref=what)
    source = user_actor(number)
    record_audit_event(
        transaction, EntryType.USER_CHANGED, context, controllers=controllers, source=source
    )


def _new_password() -> str:
    return secrets.token_urlsafe(_PASSWORD_BYTES)
