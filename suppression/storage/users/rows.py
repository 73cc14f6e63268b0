"""SQL statements for console users, their roles and their recovery codes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import ConflictError
from suppression.domain.users.model import User, is_login
from suppression.domain.users.roles import Role
from suppression.storage.controllers.tables import DbController
from suppression.storage.engine.database import Transaction
from suppression.storage.users.tables import DbRecoveryCode, DbUser, DbUserRole


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """A user's secrets, for sign-in only.

    `code_secret` is the encrypted secret of the one-time codes, `last_code_step` the time step of
    the last code used.
    """

    password_hash: str = field(repr=False)
    code_secret: bytes = field(repr=False)
    last_code_step: int


def add_user(
    transaction: Transaction, login: str, *, password_hash: str, code_secret: bytes, now: datetime
) -> int:
    """Insert a user with a temporary password; return the user's number.

    Raise ConflictError if the login exists already.
    """
    values = {
        "login": login,
        "password_hash": password_hash,
        "temporary": True,
        "code_secret": code_secret,
        "enrolled": False,
        "last_code_step": 0,
        "created_at": now,
    }
    try:
        transaction.execute(insert(DbUser).values(values))
    except IntegrityError:
        raise ConflictError("A user with this login exists already.") from None
    number = select(DbUser.number).where(DbUser.login == login)
    return int(transaction.execute(number).scalar_one())


def find_user(transaction: Transaction, login: str) -> User | None:
    """Return the user with this login; None if no user has it.

    A text that cannot be a login is not sent to the database: it may be an e-mail address, and the
    database may log it.
    """
    return _find_user_where(transaction, DbUser.login == login) if is_login(login) else None


def password_hash_of(transaction: Transaction, login: str) -> str | None:
    """Return the password hash of a login; None if no user has the login.

    The database may log `login`: pass only what `is_login` accepts, or ''. One statement runs in
    any case, so that the duration does not tell whether the login exists.
    """
    statement = select(DbUser.password_hash).where(DbUser.login == login)
    return transaction.execute(statement).scalar_one_or_none()


def find_user_by_number(transaction: Transaction, number: int) -> User | None:
    """Return the user with this number; None if no user has it."""
    return _find_user_where(transaction, DbUser.number == number)


def load_users(transaction: Transaction, controller: Controller) -> list[User]:
    """Return every user with a role for a controller, ordered by login."""
    user_numbers = select(DbUserRole.user_number).where(
        DbUserRole.controller_number == controller.number
    )
    rows = transaction.execute(
        select(DbUser).where(DbUser.number.in_(user_numbers)).order_by(DbUser.login)
    ).all()
    return [_user(transaction, row) for row in rows]


def load_secrets(transaction: Transaction, user: User, *, for_update: bool) -> Secrets:
    """Return a user's secrets; if `for_update`, lock the user's row until the transaction ends.

    The user must exist.
    """
    statement = select(DbUser).where(DbUser.number == user.number)
    row = transaction.execute(statement.with_for_update() if for_update else statement).one()
    return Secrets(
        password_hash=row.password_hash,
        code_secret=row.code_secret,
        last_code_step=row.last_code_step,
    )


def save_user(transaction: Transaction, user: User, **values: object) -> None:
    """Update columns of a user's row: each keyword is a column of `console_users`."""
    transaction.execute(update(DbUser).where(DbUser.number == user.number).values(values))


def set_role(
    transaction: Transaction, number: int, controller: Controller, role: Role | None
) -> None:
    """Replace a user's role for a controller; None as `role` removes the role."""
    transaction.execute(
        delete(DbUserRole).where(
            DbUserRole.user_number == number,
            DbUserRole.controller_number == controller.number,
        )
    )
    if role is not None:
        values = {"user_number": number, "controller_number": controller.number, "role": role}
        transaction.execute(insert(DbUserRole).values(values))


def set_recovery_codes(transaction: Transaction, user: User, digests: Collection[bytes]) -> None:
    """Replace a user's recovery codes, used ones too, by new ones with these hashes."""
    transaction.execute(delete(DbRecoveryCode).where(DbRecoveryCode.user_number == user.number))
    if digests:
        rows = [{"user_number": user.number, "digest": digest} for digest in digests]
        transaction.execute(insert(DbRecoveryCode), rows)


def use_recovery_code(
    transaction: Transaction, user: User, digest: bytes, *, now: datetime
) -> bool:
    """Mark the recovery code with this hash as used; return False if unknown or used already."""
    statement = (
        update(DbRecoveryCode)
        .where(
            DbRecoveryCode.user_number == user.number,
            DbRecoveryCode.digest == digest,
            DbRecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return transaction.execute(statement).rowcount == 1


def _find_user_where(transaction: Transaction, condition: Any) -> User | None:  # noqa: ANN401 - a condition
    row = transaction.execute(select(DbUser).where(condition)).one_or_none()
    return _user(transaction, row) if row else None


def _user(transaction: Transaction, row: Row[Any]) -> User:
    """Return the user of a row, with the user's role for each controller."""
    roles = transaction.execute(
        select(DbController.slug, DbUserRole.role)
        .join_from(DbUserRole, DbController)
        .where(DbUserRole.user_number == row.number)
        .order_by(DbController.slug)
    )
    return User(
        number=row.number,
        login=row.login,
        temporary=row.temporary,
        enrolled=row.enrolled,
        disabled=row.disabled_at is not None,
        roles={slug: Role(role) for slug, role in roles},
    )


def controllers_of(transaction: Transaction, number: int) -> list[int]:
    """Return the numbers of the controllers that a user has a role for, in ascending order."""
    statement = (
        select(DbUserRole.controller_number)
        .where(DbUserRole.user_number == number)
        .order_by(DbUserRole.controller_number)
    )
    return list(transaction.execute(statement).scalars())


def logins_of(transaction: Transaction, actors: Collection[str]) -> dict[str, str]:
    """Return a dict from actor (`user:3`) to login, for those of `actors` that are users."""
    numbers = [int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")]
    rows = transaction.execute(
        select(DbUser.number, DbUser.login).where(DbUser.number.in_(numbers))
    )
    return {f"user:{row.number}": row.login for row in rows}
