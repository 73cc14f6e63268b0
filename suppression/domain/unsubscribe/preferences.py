"""What is open and closed for marketing e-mail to one address, and what a person's ticks mean.

Ticked means: I want to receive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from suppression.domain.calendar.timestamps import TICK
from suppression.domain.consents.model import covers, is_valid_at, lifted_by
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression, SubjectState
from suppression.domain.suppressions.model import RecordId, Scope, Suppression
from suppression.domain.suppressions.releases import as_active
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

LONGEST_WRITE = timedelta(seconds=30)
"""How long a stop may take from the reading of its date to its commit, at most."""
_OWN_CLICK = frozenset({Evidence.ONE_CLICK, Evidence.LINK_PAGE})


def marketing_email(topic: str) -> Scope:
    """Marketing e-mail about a topic; '' for all of it."""
    return Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic=topic)


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailState:
    """What stands for marketing e-mail to one address; `months` is the longest of a consent."""

    state: SubjectState
    topics: tuple[str, ...]
    months: int
    now: datetime

    def stopped_since(self, topic: str) -> datetime | None:
        """Since when a topic has been stopped; '' for all of it, which no topic may escape."""
        if not topic and any(self.stopped_since(one) is None for one in self.topics):
            return None
        return min((stop.since for stop in self.closing(topic)), default=None)

    def closing(self, topic: str) -> list[ActiveSuppression]:
        """The stops that close a topic, and that no newer consent has lifted."""
        return [stop for stop in self.state.suppressions if self.closes(stop, topic)]

    def closes(self, stop: ActiveSuppression, topic: str) -> bool:
        """Whether a stop closes a topic. A bounce was nobody's wish."""
        if stop.reason is Reason.UNDELIVERABLE or not stop.in_force(self.now):
            return False
        wanted = marketing_email(topic)
        mine = (stop.scope.channel, stop.scope.purpose) == (wanted.channel, wanted.purpose)
        if not stop.reason.covers_everything and not (mine and stop.scope.topic in {"", topic}):
            return False
        return not any(lifted_by(consent, stop, wanted) for consent in self._held())

    def reopens_from(self, topic: str) -> datetime:
        """Return the date of a consent that lifts the stops of a topic which are known by now.

        A stop that is being written has its date already, and nobody sees it yet. The consent is
        dated before it: right after the newest stop that it lifts, or `LONGEST_WRITE` ago.
        """
        newest = max((stop.last_occurred_at for stop in self.closing(topic)), default=self.now)
        return min(max(newest + TICK, self.now - LONGEST_WRITE), self.now)

    def agreed_since(self, topic: str, *, issued_on: date) -> datetime | None:
        """When the person last agreed, on the day of a link's issue or later (docs/rules.md#e7)."""
        wanted = marketing_email(topic)
        dates = [
            consent.given_at
            for consent in self._held()
            if covers(consent, wanted) or (not topic and covers(consent, _all_of(consent)))
        ]
        newer = [instant for instant in dates if instant.astimezone(UTC).date() >= issued_on]
        return max(newer, default=None)

    def reopened_at(self, topic: str) -> datetime | None:
        """When the newest consent was given that lifts stops of this very topic."""
        wanted = marketing_email(topic)
        given = [
            consent.given_at
            for consent in self._held()
            if consent.lifts and consent.scope == wanted
        ]
        return max(given, default=None)

    def _held(self) -> Iterable[ActiveConsent]:
        return [
            consent
            for consent in self.state.consents
            if is_valid_at(consent, self.now, self.months)
        ]


def _all_of(consent: ActiveConsent) -> Scope:
    """Marketing e-mail, about whatever the consent is about."""
    return marketing_email(consent.scope.topic)


class BoxState(StrEnum):
    """How a topic stands on the page of a link.

    `old_link`: closed by clicks alone, on a later day than the link's: this link opens it again.
    `new_link`: closed by clicks alone, but the link is not older. `ask`: closed otherwise.
    `unsure`: closed by clicks, as far as this link can ask.
    """

    OPEN = "open"
    OLD_LINK = "old_link"
    NEW_LINK = "new_link"
    UNSURE = "unsure"
    ASK = "ask"


Clicks = Mapping[RecordId, Sequence[datetime]]
"""The moments of the clicks that alone closed a row, oldest first, by the row's record."""


def clicks_of(row: Suppression, history: Sequence[LedgerEntry]) -> tuple[datetime, ...]:
    """Return when clicks closed a row since its last release; () if anything else closed it too.

    `history` are the row's entries, oldest first.
    """
    if row.reason is not Reason.UNSUBSCRIBE or row.source:
        return ()
    said: list[LedgerEntry] = []
    for entry in history:
        said = [] if entry.type is EntryType.RELEASE else [*said, entry]
    if not all(entry.evidence in _OWN_CLICK for entry in said):
        return ()
    return tuple(sorted(entry.occurred_at for entry in said))


def box_state(
    mail: EmailState,
    topic: str,
    rows: Sequence[Suppression],
    clicks: Clicks,
    *,
    issued_on: date | None,
) -> BoxState:
    """Return how a topic stands for a link of that day (UTC); None of a link that opens nothing.

    A link opens what a click had closed only if it was issued before the day of that click: its
    holder then holds an e-mail from before the stop. Whoever makes a link today opens nothing that
    was closed until today. A consent newer than a click makes that click past. A stop that is in
    none of the `rows` came after they were read.
    """
    records = [
        row.record_id
        for row in rows
        if row.in_force(mail.now) and mail.closes(as_active(row), topic)
    ]
    if mail.stopped_since(topic) is None:
        return BoxState.OPEN
    unseen = set(mail.closing(topic)) - {as_active(row) for row in rows}
    if unseen or not records or not all(clicks.get(record) for record in records):
        return BoxState.ASK
    if issued_on is None:
        return BoxState.UNSURE
    newest = mail.reopened_at(topic)
    closed_on = [_first_day(clicks[record], since=newest) for record in records]
    return BoxState.OLD_LINK if issued_on < min(closed_on) else BoxState.NEW_LINK


def _first_day(moments: Sequence[datetime], *, since: datetime | None) -> date:
    """The day of the first click that a consent of `since` has not made past; UTC."""
    standing = [moment for moment in moments if since is None or moment >= since]
    return min(standing or moments).astimezone(UTC).date()


def suppressions_closing(shown_open: AbstractSet[str], ticked: AbstractSet[str]) -> tuple[str, ...]:
    """The topics to stop, '' for everything: what was shown ticked and came back empty.

    Who leaves no tick at all wants nothing, and nothing that a controller may invent later either.

    >>> suppressions_closing({"newsletter", "offers"}, {"offers"})
    ('newsletter',)
    >>> suppressions_closing({"newsletter", "offers"}, set())
    ('',)
    """
    unticked = shown_open - ticked
    if unticked and not ticked:
        return ("",)
    return tuple(sorted(unticked))
