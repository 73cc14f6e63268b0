"""Invitations: how a login joins a controller, with the consent of whoever it belongs to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from suppression.domain.users.model import User
from suppression.domain.users.roles import Right, Role, may

HOLDS_FOR = timedelta(days=7)
KEPT_FOR = timedelta(days=90)
"""How long a row is kept after its end. What was done stands in the ledger for ever."""
MOST_OPEN = 50
SECRET_BYTES = 24
OWN_LETTERS = 5
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LONGEST_LOGIN = 32


class InvitationChange(StrEnum):
    """What was done to an invitation; the ledger says so, with who did it."""

    INVITED = "invited"
    REVOKED = "invitation_revoked"
    JOINED = "joined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """An invitation to a controller under a role. Its secret is not kept.

    `login` is the existing login that may accept it, or what a new login begins with. `invited_by`
    is the number of the user who made it.
    """

    number: int
    controller_number: int
    login: str
    role: Role
    reference: str
    invited_by: int
    created_at: datetime
    ends_at: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Return whether it may still be accepted, as far as it knows."""
        return self.accepted_at is None and self.revoked_at is None and now < self.ends_at

    @property
    def source(self) -> str:
        """How the ledger names it."""
        return f"invitation:{self.number}"


def may_still_invite(inviter: User | None, slug: str) -> bool:
    """Return whether whoever made an invitation may make users of the controller now.

    So that nobody prepares a way back in for the day on which they are disabled.
    """
    return (
        inviter is not None and not inviter.disabled and may(inviter.roles.get(slug), Right.USERS)
    )


def secret_digest(secret: str) -> bytes:
    """Return what is stored of a secret: SHA-256 (32 bytes). 192 random bits need no slow hash.

    >>> len(secret_digest("any"))
    32
    """
    return hashlib.sha256(secret.strip().encode("utf-8", "replace")).digest()


def new_login(beginning: str, random_bytes: bytes) -> str:
    """Return the login of a new user: what was proposed, and letters that nobody can guess.

    So nobody learns from it whether the proposed login exists elsewhere.

    >>> new_login("m.durand", bytes(5))
    'm.durand-22222'
    """
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in random_bytes[:OWN_LETTERS])
    return f"{beginning[: _LONGEST_LOGIN - OWN_LETTERS - 1]}-{letters}"
