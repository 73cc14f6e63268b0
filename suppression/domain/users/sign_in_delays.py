"""How long the next attempt to sign in waits, and what is counted together.

Why so: docs/decisions/0065-delays-by-login-and-network.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

FREE_FAILURES = 4
FREE_FAILURES_IN_ALL = 100
"""Of one login, from all networks together: nobody guesses from many more often than this."""
KEPT_FOR = timedelta(hours=24)
"""How long a failure counts, from the last one on."""
NETWORK_BITS = 24
"""Of an IPv4 address: what one sender mostly has. Under IPv6 it is the /64."""
DEVICE_KEPT_FOR = timedelta(days=400)
"""What browsers keep a cookie for at the longest."""
MOST_DEVICES = 5
"""Users that one browser is remembered for."""
_LONGEST_DELAY = timedelta(minutes=15)
_MOST_DOUBLINGS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptCount:
    """What attempts are counted under, and how many may fail before the next one waits."""

    digest: bytes = field(repr=False)
    free: int = FREE_FAILURES


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInClient:
    """Where an attempt comes from: its network, and what its browser keeps of earlier sign-ins."""

    network: str = field(repr=False)
    device: str = field(default="", repr=False)


def delay_after(failures: int, *, free: int = FREE_FAILURES) -> timedelta:
    """How long to wait after so many failures: nothing, then seconds, then minutes.

    >>> [int(delay_after(failures).total_seconds()) for failures in (1, 4, 5, 8, 40)]
    [0, 0, 1, 8, 900]
    """
    if failures <= free:
        return timedelta(0)
    doublings = min(failures - free - 1, _MOST_DOUBLINGS)
    return min(timedelta(seconds=2**doublings), _LONGEST_DELAY)
