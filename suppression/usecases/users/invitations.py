"""Invite users to a controller, list and revoke invitations, and accept them.

A DPO names a login; making the invitation does not tell whether the login exists elsewhere. A user
who has that login accepts with it; anybody else gets a new login, whose last letters are random.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import ConflictError, InvalidValueError, NotFoundError
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.users.invitations import (
    HOLDS_FOR,
    MOST_OPEN,
    OWN_LETTERS,
    SECRET_BYTES,
    Invitation,
    InvitationChange,
    may_still_invite,
    new_login,
    secret_digest,
)
from suppression.domain.users.model import User, user_actor, valid_login
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import EntryType
from suppression.storage.controllers.rows import controller_by_number, lock_controller
from suppression.storage.engine.database import Transaction, reading, writing
from suppression.storage.users.invitations import (
    add_invitation,
    invitation_by_digest,
    invitation_for_update,
    mark_accepted,
    mark_revoked,
    open_invitations,
)
from suppression.storage.users.rows import find_user, find_user_by_number, set_role
from suppression.usecases.ledger.append import new_reference, record_audit_event
from suppression.usecases.services import Services
from suppression.usecases.users.manage import NewUser, prepare_user, write_user

_TRIES = 4
"""How often a login with other letters is tried where one is taken; one in 28 million is."""
_SECRET_UNKNOWN = "No invitation that can be accepted has this code."  # noqa: S105 - a message


@dataclass(frozen=True, kw_only=True, slots=True)
class SentInvitation:
    """An open invitation and the controller to which it invites."""

    invitation: Invitation
    controller: Controller


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedInvitation:
    """A new user of a controller, with a temporary password that is shown once."""

    controller: Controller
    login: str
    password: str = field(repr=False)


def invite(controller: Controller, login: str, role: Role, *, by: User, now: datetime) -> str:
    """Create an invitation and return its secret, which is shown once.

    Raises InvalidValueError for a malformed login, ConflictError if the login has a role for this
    controller or too many invitations are open. The result does not depend on whether the login
    exists elsewhere.
    """
    valid_login(login)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with writing() as transaction:
        lock_controller(transaction, controller)
        user = find_user(transaction, login)
        _refuse_members(user, controller)
        if len(open_invitations(transaction, controller, now=now)) >= MOST_OPEN:
            raise ConflictError(f"{MOST_OPEN} invitations are open: revoke some of them.")
        invitation = add_invitation(
            transaction,
            controller,
            login=login,
            role=role,
            digest=secret_digest(secret),
            reference=new_reference(),
            invited_by=by,
            now=now,
            ends_at=now + HOLDS_FOR,
        )
        what = f"{InvitationChange.INVITED}:{role}"
        _append_entry(
            transaction, invitation, what, actor=by.actor, source=invitation.source, now=now
        )
    return secret


def list_invitations(controller: Controller, *, now: datetime) -> list[Invitation]:
    """Return a controller's invitations not accepted, revoked or ended at `now`, newest first."""
    with reading() as transaction:
        return open_invitations(transaction, controller, now=now)


def revoke_invitation(controller: Controller, number: int, *, by: User, now: datetime) -> None:
    """Revoke an open invitation of a controller. Raises NotFoundError if none has this number."""
    with writing() as transaction:
        invitation = invitation_for_update(transaction, controller, number)
        if invitation is None or not invitation.is_open(now):
            raise NotFoundError
        mark_revoked(transaction, invitation, now=now)
        what = f"{InvitationChange.REVOKED}:{invitation.role}"
        _append_entry(
            transaction, invitation, what, actor=by.actor, source=invitation.source, now=now
        )


def read_invitation(secret: str, *, user: User | None, now: datetime) -> SentInvitation:
    """Return the invitation with this secret; `user` is the signed-in user, if any.

    Raises InvalidValueError, without telling why, if the invitation cannot be accepted;
    ConflictError if the user already has a role for its controller.
    """
    with reading() as transaction:
        return _open(transaction, secret, user=user, now=now)


def accept_with_login(secret: str, *, user: User, now: datetime) -> Controller:
    """Accept an invitation with the user's own login; return the controller.

    Raises InvalidValueError if the invitation cannot be accepted by this user; ConflictError if the
    user already has a role for its controller.
    """
    with writing() as transaction:
        invited = _open(transaction, secret, user=user, now=now, for_update=True)
        lock_controller(transaction, invited.controller)
        # Read the user again: another invitation may have been accepted since the session was read.
        _refuse_members(find_user_by_number(transaction, user.number), invited.controller)
        set_role(transaction, user.number, invited.controller, invited.invitation.role)
        _accept(transaction, invited.invitation, user.number, now=now)
    return invited.controller


def accept_as_new(services: Services, secret: str, *, now: datetime) -> AcceptedInvitation:
    """Accept an invitation as a new user; return the new login with its temporary password.

    The last letters of the login are random; where it is taken, other letters are tried. Raises
    InvalidValueError if the invitation cannot be accepted, and ConflictError if all were taken.
    """
    for _ in range(_TRIES):
        with suppress(ConflictError):
            return _accept_as_new(services, secret, now=now)
    return _accept_as_new(services, secret, now=now)


def _accept_as_new(services: Services, secret: str, *, now: datetime) -> AcceptedInvitation:
    with reading() as transaction:
        invited = _open(transaction, secret, user=None, now=now)
    login = new_login(invited.invitation.login, secrets.token_bytes(OWN_LETTERS))
    fresh: NewUser = prepare_user(services, login)
    with writing() as transaction:
        invited = _open(transaction, secret, user=None, now=now, for_update=True)
        number = write_user(transaction, fresh, now=now)
        set_role(transaction, number, invited.controller, invited.invitation.role)
        _accept(transaction, invited.invitation, number, now=now)
    return AcceptedInvitation(controller=invited.controller, login=login, password=fresh.password)


def _open(
    transaction: Transaction,
    secret: str,
    *,
    user: User | None,
    now: datetime,
    for_update: bool = False,
) -> SentInvitation:
    """Return the invitation with this secret if `user`, or a new user for None, may accept it.

    A signed-in user needs the login that the invitation names. Raises InvalidValueError, identical
    for every cause, or ConflictError if the user has a role for the controller.
    """
    invitation = invitation_by_digest(transaction, secret_digest(secret), for_update=for_update)
    if invitation is None or not invitation.is_open(now):
        raise InvalidValueError(_SECRET_UNKNOWN)
    controller = controller_by_number(transaction, invitation.controller_number)
    inviter = find_user_by_number(transaction, invitation.invited_by)
    if controller is None or not may_still_invite(inviter, controller.slug):
        raise InvalidValueError(_SECRET_UNKNOWN)
    if user is not None and user.login != invitation.login:
        raise InvalidValueError(_SECRET_UNKNOWN)
    _refuse_members(user, controller)
    return SentInvitation(invitation=invitation, controller=controller)


def _refuse_members(user: User | None, controller: Controller) -> None:
    if user is not None and controller.slug in user.roles:
        raise ConflictError("This user has a role for this controller already.")


def _accept(
    transaction: Transaction, invitation: Invitation, number: int, *, now: datetime
) -> None:
    mark_accepted(transaction, invitation, now=now)
    actor = user_actor(number)
    what = f"{InvitationChange.JOINED}:{invitation.role}"
    _append_entry(transaction, invitation, what, actor=actor, source=actor, now=now)


def _append_entry(
    transaction: Transaction,
    invitation: Invitation,
    what: str,
    *,
    actor: str,
    source: str,
    now: datetime,
) -> None:
    """Add a ledger entry for a change of an invitation, under the invitation's reference."""
    context = AuditContext(actor=actor, recorded_at=now, reference=invitation.reference, ref=what)
    controllers = [invitation.controller_number]
    record_audit_event(
        transaction, EntryType.USER_CHANGED, context, controllers=controllers, source=source
    )
