"""Verifying a password costs as much for an unknown login as for a known one."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from suppression.adapters.crypto import passwords


def test_the_hash_of_nobody_takes_the_work_of_every_other() -> None:
    parameters = extract_parameters(passwords.hash_password("a password of somebody"))
    assert parameters == RFC_9106_LOW_MEMORY
    assert extract_parameters(passwords._NOBODY) == parameters  # noqa: SLF001 - what an unknown login costs


def test_nobody_has_a_password() -> None:
    assert not passwords.verify_password(None, "nobody has this password")
