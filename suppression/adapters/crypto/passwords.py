"""Passwords, hashed by argon2-cffi (Argon2id, the parameters of RFC 9106's low-memory profile)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher()
# Of a password that was thrown away, with the parameters of every other: made here it would take
# 64 MiB and half a second of each start.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4"
    "$hhFYJkAAhXc1sHl4XPYW3A$DDdONGGToNAPgn2AoZuGfTuQWOG3Z5TbFgKuKmuB2ZM"
)


def hash_password(password: str) -> str:
    """The hash to store."""
    return _HASHER.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether a password is that of a stored hash; None takes as long, and is never right."""
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (Argon2Error, InvalidHashError):
        return False
    return stored is not None
