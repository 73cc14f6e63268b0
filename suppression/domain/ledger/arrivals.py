"""The date that a sender states for a message, such as a stop or a call."""

from __future__ import annotations

from datetime import datetime


def unless_in_future(stated: datetime | None, now: datetime) -> datetime | None:
    """Return the stated date; None, which means now, if it is missing or after `now`."""
    return None if stated is None or stated > now else stated
