"""Passwords, hashed by argon2-cffi (Argon2id, the parameters of RFC 9106's low-memory profile)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to store."""
    return _HASHER.hash(password)


_NOBODY = hash_password("nobody has this password")


def is_password(stored: str | None, password: str) -> bool:
    """Whether a password is that of a stored hash; None takes as long, and is never right."""
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (Argon2Error, InvalidHashError):
        return False
    return stored is not None
