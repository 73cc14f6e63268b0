"""Delays of sign-in: how long the next attempt waits, and which attempts are counted together.

The reasons: docs/decisions/0065-delays-by-login-and-network.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

FREE_FAILURES = 4
FREE_FAILURES_IN_ALL = 100
"""The failures without a delay per login, from all networks together.

So many networks do not help to guess a password.
"""
NETWORK_BITS = 24
"""The bits of an IPv4 address that one sender mostly has. Under IPv6 it is the /64."""
MOST_DEVICES = 5
"""The number of users that one browser is remembered for."""
_MAX_DELAY = timedelta(minutes=15)
_MAX_DOUBLINGS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptCount:
    """The digest that attempts are counted under, and how many may fail before the next waits."""

    digest: bytes = field(repr=False)
    free: int = FREE_FAILURES


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInClient:
    """The origin of an attempt: its network, and its browser's cookie of earlier sign-ins."""

    network: str = field(repr=False)
    device: str = field(default="", repr=False)


def delay_after(failures: int, *, free: int = FREE_FAILURES) -> timedelta:
    """Return how long to wait after a number of failures: nothing, then seconds, then minutes.

    >>> [int(delay_after(failures).total_seconds()) for failures in (1, 4, 5, 8, 40)]
    [0, 0, 1, 8, 900]
    """
    if failures <= free:
        return timedelta(0)
    doublings = min(failures - free - 1, _MAX_DOUBLINGS)
    return min(timedelta(seconds=2**doublings), _MAX_DELAY)
