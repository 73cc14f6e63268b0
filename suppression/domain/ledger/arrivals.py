"""Dates of what arrives without a date: what is recorded later gets a later date."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

from suppression.domain.calendar.timestamps import TICK
from suppression.domain.ledger.entries import AuditContext

FARTHEST_STEP = timedelta(days=1)
"""The most that a database's clock may have been ahead.

A consent dated further ahead moves only its own person's stops; otherwise one consent from a clock
far wrong would date every stop after it.
"""


def unless_in_future(stated: datetime | None, now: datetime) -> datetime | None:
    """Return the stated date; None, which means now, if it is missing or in the future."""
    return None if stated is None or stated > now else stated


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDates:
    """The dates that the database has at a write.

    `now`: by its own clock; `newest`: the date of the newest consent or agreed time on record that
    may have to yield to a stop; `last`: when the newest entry about the same record was recorded.
    """

    now: datetime
    newest: datetime | None = None
    last: datetime | None = None

    @property
    def stop_at(self) -> datetime:
        """The date of a stop without one: no earlier than a consent that was recorded before it.

        >>> consented = datetime(2026, 11, 28, 10, 0, 25)
        >>> EntryDates(now=datetime(2026, 11, 28, 10), newest=consented).stop_at == consented
        True
        """
        return self.now if self.newest is None else max(self.now, self.newest)

    def date_for(self, context: AuditContext) -> AuditContext:
        """Return the context dated `now`, or right after `last` if that is later."""
        at = self.now if self.last is None else max(self.now, self.last + TICK)
        return dataclasses.replace(context, recorded_at=at)
