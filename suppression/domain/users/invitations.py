"""Invitations, each of which gives a new or an existing login a role for a controller."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from suppression.domain.users.model import User
from suppression.domain.users.roles import Right, Role, may

HOLDS_FOR = timedelta(days=7)
MOST_OPEN = 50
SECRET_BYTES = 24
OWN_LETTERS = 5
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_MAX_LOGIN_LENGTH = 32


class InvitationChange(StrEnum):
    """The kind of change of an invitation, which the ledger records with its actor."""

    INVITED = "invited"
    REVOKED = "invitation_revoked"
    JOINED = "joined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """An invitation to a controller under a role. Its secret is not stored.

    `login` is the existing login that may accept it, or the prefix of a new login (`new_login`).
    `invited_by` is the number of the user who made it.
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
        """Return whether the invitation may be accepted at `now`, as far as its own fields show."""
        return self.accepted_at is None and self.revoked_at is None and now < self.ends_at

    @property
    def source(self) -> str:
        """The name of the invitation in the ledger."""
        return f"invitation:{self.number}"


def may_still_invite(inviter: User | None, slug: str) -> bool:
    """Return whether the author of an invitation may still add users to the controller `slug`.

    If not, the invitation is void: otherwise a user could, before being disabled, invite a second
    login of their own. `inviter` is None if that user no longer exists.
    """
    return (
        inviter is not None and not inviter.disabled and may(inviter.roles.get(slug), Right.USERS)
    )


def secret_digest(secret: str) -> bytes:
    """Return the SHA-256 (32 bytes) of a secret without outer white space, as it is stored.

    A secret has 192 random bits, so that it needs no slow hash.

    >>> len(secret_digest("any"))
    32
    """
    return hashlib.sha256(secret.strip().encode("utf-8", "replace")).digest()


def new_login(prefix: str, random_bytes: bytes) -> str:
    """Return a new user's login: the prefix, shortened if necessary, `-` and five characters.

    These letters and digits are made of the first five of `random_bytes`, so that nobody learns
    whether the prefix exists as a login elsewhere.

    >>> new_login("m.durand", bytes(5))
    'm.durand-22222'
    """
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in random_bytes[:OWN_LETTERS])
    return f"{prefix[: _MAX_LOGIN_LENGTH - OWN_LETTERS - 1]}-{letters}"
