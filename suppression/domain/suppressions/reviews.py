"""Stops that were stored as any other, and that a person should look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

RATE_LIMITED = "rate_limited"
"""More came from one address than people send. The stop is in force all the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A request to look at, by the reference that its ledger entries carry."""

    reference: str
    why: str
    recorded_at: datetime
