"""Sessions of the console: how long one is valid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from suppression.domain.users.model import User

IDLE = timedelta(minutes=30)
"""A session ends when nothing was asked in it for this long."""
LONGEST_SESSION = timedelta(hours=12)


class Stage(StrEnum):
    """The stage of a session: after the password, or fully signed in."""

    PASSWORD = "password"  # noqa: S105 - a stage, no password
    FULL = "full"


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session of the console. It ends after IDLE without a request, or after LONGEST_SESSION."""

    user: User
    stage: Stage
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Return whether the session is valid at `now`: not ended, and its user not disabled."""
        return (
            self.ended_at is None
            and not self.user.disabled
            and now <= self.seen_at + IDLE
            and now <= self.started_at + LONGEST_SESSION
        )
