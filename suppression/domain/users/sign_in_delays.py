"""Delays of sign-in: the wait after failed attempts, and the counts of attempts.

The reasons: docs/decisions/0065-delays-by-login-and-network.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

FREE_FAILURES = 4
FREE_FAILURES_IN_ALL = 100
"""How many failures per login, from all networks together, cause no delay.

It limits an attacker who guesses a password from many networks.
"""
NETWORK_BITS = 24
"""The length in bits of an IPv4 network that counts as one sender; for IPv6 it is 64."""
MOST_DEVICES = 5
"""The maximum number of users whose sign-in one browser remembers."""
_MAX_DELAY = timedelta(minutes=15)
_MAX_DOUBLINGS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptCount:
    """A count of attempts: the digest of what it counts, and how many may fail without a delay."""

    digest: bytes = field(repr=False)
    free: int = FREE_FAILURES


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInClient:
    """The origin of an attempt: its network, and the cookie of its browser's earlier sign-ins."""

    network: str = field(repr=False)
    device: str = field(default="", repr=False)


def delay_after(failures: int, *, free: int = FREE_FAILURES) -> timedelta:
    """Return how long the next attempt waits after a number of failures, at most 15 minutes.

    After up to `free` failures it does not wait. After one more it waits a second, and after each
    further failure twice as long.

    >>> [int(delay_after(failures).total_seconds()) for failures in (1, 4, 5, 8, 40)]
    [0, 0, 1, 8, 900]
    """
    if failures <= free:
        return timedelta(0)
    doublings = min(failures - free - 1, _MAX_DOUBLINGS)
    return min(timedelta(seconds=2**doublings), _MAX_DELAY)
