"""Password hashing by argon2-cffi: Argon2id, RFC 9106's low-memory profile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher()
# The hash of a discarded password, with the parameters of all others. To compute it here would
# take 64 MiB and half a second of each start.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4"
    "$hhFYJkAAhXc1sHl4XPYW3A$DDdONGGToNAPgn2AoZuGfTuQWOG3Z5TbFgKuKmuB2ZM"
)
# A verification takes 64 MiB and all cores for a moment: few of 8 threads may run one at once.
_MOST_OF_STRANGERS, _MOST_OF_KNOWN = 2, 1
_of_strangers = threading.BoundedSemaphore(_MOST_OF_STRANGERS)
_of_known = threading.BoundedSemaphore(_MOST_OF_KNOWN)


@contextmanager
def place_to_look(*, known: bool) -> Iterator[bool]:
    """Take one of this process's few slots for a password check; yield whether one was free.

    Never wait; free the slot when the block ends. If False is yielded, check no password.
    `known`: whether the browser has signed in before; known browsers have a slot of their own.
    """
    places = _of_known if known else _of_strangers
    taken = places.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            places.release()


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with its parameters and salt, as text to store."""
    return _HASHER.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Return whether the password matches the stored hash.

    If `stored` is None, return False after the same amount of work, so that the duration does not
    tell whether the login exists.
    """
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (Argon2Error, InvalidHashError):
        return False
    return stored is not None
