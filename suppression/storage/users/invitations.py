"""SQL statements for invitations to the console, which can be accepted once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from suppression.domain.controllers.model import Controller
from suppression.domain.retention import INVITATIONS_KEPT_FOR
from suppression.domain.users.invitations import Invitation
from suppression.domain.users.model import User
from suppression.domain.users.roles import Role
from suppression.storage.engine.database import Transaction
from suppression.storage.users.invitation_tables import DbInvitation


def add_invitation(  # noqa: PLR0913 - each is one column
    transaction: Transaction,
    controller: Controller,
    *,
    login: str,
    role: Role,
    digest: bytes,
    reference: str,
    invited_by: User,
    now: datetime,
    ends_at: datetime,
) -> Invitation:
    """Insert an invitation; return it with its row number. `digest` is the hash of its secret."""
    values = {
        "controller_number": controller.number,
        "login": login,
        "role": role.value,
        "digest": digest,
        "reference": reference,
        "invited_by": invited_by.number,
        "created_at": now,
        "ends_at": ends_at,
    }
    transaction.execute(insert(DbInvitation).values(values))
    row = transaction.execute(select(DbInvitation).where(DbInvitation.digest == digest)).one()
    return _invitation(row)


def invitation_by_digest(
    transaction: Transaction, digest: bytes, *, for_update: bool = False
) -> Invitation | None:
    """Return the invitation with this secret's hash, locked if `for_update`; None if not found."""
    statement = select(DbInvitation).where(DbInvitation.digest == digest)
    statement = statement.with_for_update() if for_update else statement
    row = transaction.execute(statement).one_or_none()
    return _invitation(row) if row else None


def open_invitations(
    transaction: Transaction, controller: Controller, *, now: datetime
) -> list[Invitation]:
    """Return a controller's invitations not accepted, revoked or ended at `now`, newest first."""
    statement = (
        select(DbInvitation)
        .where(
            DbInvitation.controller_number == controller.number,
            DbInvitation.accepted_at.is_(None),
            DbInvitation.revoked_at.is_(None),
            DbInvitation.ends_at > now,
        )
        .order_by(DbInvitation.number.desc())
    )
    return [_invitation(row) for row in transaction.execute(statement)]


def invitation_for_update(
    transaction: Transaction, controller: Controller, number: int
) -> Invitation | None:
    """Lock and return a controller's invitation with this number; None if not found."""
    statement = (
        select(DbInvitation)
        .where(DbInvitation.controller_number == controller.number, DbInvitation.number == number)
        .with_for_update()
    )
    row = transaction.execute(statement).one_or_none()
    return _invitation(row) if row else None


def mark_accepted(transaction: Transaction, invitation: Invitation, *, now: datetime) -> None:
    """Record that an invitation was accepted, so that it cannot be accepted again."""
    _mark(transaction, invitation, accepted_at=now)


def mark_revoked(transaction: Transaction, invitation: Invitation, *, now: datetime) -> None:
    """Record that an invitation was revoked."""
    _mark(transaction, invitation, revoked_at=now)


def delete_invitations_before_limit(transaction: Transaction, *, now: datetime) -> int:
    """Delete the invitations that ended 90 days ago or earlier; return how many were deleted."""
    statement = delete(DbInvitation).where(DbInvitation.ends_at <= now - INVITATIONS_KEPT_FOR)
    return transaction.execute(statement).rowcount


def _mark(transaction: Transaction, invitation: Invitation, **values: datetime) -> None:
    own_row = DbInvitation.number == invitation.number
    transaction.execute(update(DbInvitation).where(own_row).values(values))


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        number=row.number,
        controller_number=row.controller_number,
        login=row.login,
        role=Role(row.role),
        reference=row.reference,
        invited_by=row.invited_by,
        created_at=row.created_at,
        ends_at=row.ends_at,
        accepted_at=row.accepted_at,
        revoked_at=row.revoked_at,
    )
