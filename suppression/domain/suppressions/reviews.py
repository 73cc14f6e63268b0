"""Reviews: stops in force that a person should look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

RATE_LIMITED = "rate_limited"
"""One client address sent more stops than people send. The stops are in force all the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A request to look at, named by the reference of its ledger entries."""

    reference: str
    why: str
    recorded_at: datetime
