"""When a thing counts from that came without a date: what is recorded later, is later."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

from suppression.domain.calendar.timestamps import TICK
from suppression.domain.ledger.entries import AuditContext

FARTHEST_STEP = timedelta(days=1)
"""How far a database's clock may have been ahead: what is dated further on is met only by whom it
is about, or one consent from a clock gone wild would date every stop after it."""


def unless_in_future(stated: datetime | None, now: datetime) -> datetime | None:
    """A date as it is stated; None, for now, where there is none or it has not come yet."""
    return None if stated is None or stated > now else stated


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDates:
    """What the database knows as something is written.

    `now` by its own clock; `newest`: the date of the newest consent or agreed time on record that
    may have to yield; `last`: when the newest entry about the same record was recorded.
    """

    now: datetime
    newest: datetime | None = None
    last: datetime | None = None

    @property
    def stop_at(self) -> datetime:
        """From when a stop without a date counts: no earlier than a consent that was there first.

        >>> consented = datetime(2026, 11, 28, 10, 0, 25)
        >>> EntryDates(now=datetime(2026, 11, 28, 10), newest=consented).stop_at == consented
        True
        """
        return self.now if self.newest is None else max(self.now, self.newest)

    def date_for(self, context: AuditContext) -> AuditContext:
        """The context as recorded now, and after all that was done to its record before."""
        at = self.now if self.last is None else max(self.now, self.last + TICK)
        return dataclasses.replace(context, recorded_at=at)
