"""Preferences: the topics of marketing e-mail that are open or stopped, and a person's choices.

A ticked topic means: I want to receive it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from suppression.domain.calendar.timestamps import TICK
from suppression.domain.consents.model import covers, end_of, is_valid_at, lifted_by
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression, SubjectState
from suppression.domain.suppressions.model import RecordId, Scope, Suppression
from suppression.domain.suppressions.releases import as_active
from suppression.domain.vocabulary import Channel, EntryType, Purpose, Reason

LONGEST_WRITE = timedelta(seconds=30)
"""The longest assumed time between the dating of a stop and its commit."""


def marketing_email(topic: str) -> Scope:
    """Return the `Scope` of marketing e-mail about the topic with this slug; '' for all topics."""
    return Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic=topic)


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailState:
    """The state of marketing e-mail to one address at `now`, with the controller's topics (slugs).

    `months` is the maximum duration of a consent, 0 for no maximum.
    """

    state: SubjectState
    topics: tuple[str, ...]
    months: int
    now: datetime

    def stopped_since(self, topic: str) -> datetime | None:
        """Return the date since which a topic is stopped; None if it is open.

        The topic '' means all topics together: they are stopped if a stop on all topics is in force
        and no topic is open again.
        """
        if not topic and any(self.stopped_since(slug) is None for slug in self.topics):
            return None
        return min((stop.since for stop in self.closing(topic)), default=None)

    def closing(self, topic: str) -> list[ActiveSuppression]:
        """Return the stops that close a topic (`closes`); for '', those that close all topics."""
        return [stop for stop in self.state.suppressions if self.closes(stop, topic)]

    def closes(self, stop: ActiveSuppression, topic: str) -> bool:
        """Return whether a stop in force closes a topic, and no newer consent overrides it.

        For the topic '', return whether it closes all topics. A bounce closes nothing: no person
        wished it.
        """
        if stop.reason is Reason.UNDELIVERABLE or not stop.in_force(self.now):
            return False
        scope = marketing_email(topic)
        is_marketing_email = (stop.scope.channel, stop.scope.purpose) == (
            scope.channel,
            scope.purpose,
        )
        if not stop.reason.covers_everything and not (
            is_marketing_email and stop.scope.topic in {"", topic}
        ):
            return False
        return not any(lifted_by(consent, stop, scope) for consent in self._valid_consents())

    def closes_again(self, topic: str) -> bool:
        """Return whether further stops close a topic once the consents with an end are over."""
        return not set(self.with_lasting_consents().closing(topic)) <= set(self.closing(topic))

    def with_lasting_consents(self) -> EmailState:
        """Return this state with only those consents that are valid now and have no end."""
        lasting = tuple(
            consent for consent in self._valid_consents() if end_of(consent, self.months) is None
        )
        return dataclasses.replace(self, state=dataclasses.replace(self.state, consents=lasting))

    def reopens_from(self, topic: str) -> datetime:
        """Return the date to give to a consent that is to override the known stops of a topic.

        It is right after the newest of these stops, or `LONGEST_WRITE` ago if that is later, but
        never after `now`; it is `now` if there is no such stop. A stop that is being stored
        meanwhile is dated already but cannot be seen yet: the consent must not override it.
        """
        newest_stop_at = max(
            (stop.last_occurred_at for stop in self.closing(topic)), default=self.now
        )
        return min(max(newest_stop_at + TICK, self.now - LONGEST_WRITE), self.now)

    def agreed_since(self, topic: str, *, issued_on: date) -> datetime | None:
        """Return when the person last consented to a topic on the day `issued_on` (UTC) or later.

        A consent to all topics counts too; for the topic '', a consent to any topic counts. Return
        None if no such consent is valid now. `issued_on` is the day on which a link was issued. See
        docs/rules.md#e7.
        """
        scope = marketing_email(topic)
        dates = [
            consent.given_at
            for consent in self._valid_consents()
            if covers(consent, scope)
            or (not topic and covers(consent, _marketing_email_of(consent)))
        ]
        newer = [instant for instant in dates if instant.astimezone(UTC).date() >= issued_on]
        return max(newer, default=None)

    def reopened_at(self, topic: str) -> datetime | None:
        """Return when the newest consent to exactly this topic that may override stops was given.

        Return None if no such consent is valid now.
        """
        scope = marketing_email(topic)
        dates = [
            consent.given_at
            for consent in self._valid_consents()
            if consent.lifts and consent.scope == scope
        ]
        return max(dates, default=None)

    def _valid_consents(self) -> Iterable[ActiveConsent]:
        """Return the consents that are valid at `now`."""
        return [
            consent
            for consent in self.state.consents
            if is_valid_at(consent, self.now, self.months)
        ]


def _marketing_email_of(consent: ActiveConsent) -> Scope:
    """Return the `Scope` of marketing e-mail about the topic of a consent."""
    return marketing_email(consent.scope.topic)


class BoxState(StrEnum):
    """The state of a topic on the page of a link.

    `open`: nothing closes it. `old_link`: closed by clicks alone, on a later day than the link's:
    this link reopens it. `new_link`: closed by clicks alone, but the link is not older. `ask`:
    closed in another way. `unsure`: closed by clicks, but the link may lack a fingerprint by which
    a check would look up another stop, or may be that of a former holder of the address.
    """

    OPEN = "open"
    OLD_LINK = "old_link"
    NEW_LINK = "new_link"
    UNSURE = "unsure"
    ASK = "ask"


Clicks = Mapping[RecordId, Sequence[datetime]]
"""The times of the clicks that closed each row, as `clicks_of` returns them, by its record id."""


def clicks_of(row: Suppression, history: Sequence[LedgerEntry]) -> tuple[datetime, ...]:
    """Return the times at which clicks closed a row since its last release, oldest first.

    Return () unless clicks alone closed it, its reason is `unsubscribe`, and it has no `source`.
    `history` holds the row's entries, oldest first.
    """
    if row.reason is not Reason.UNSUBSCRIBE or row.source:
        return ()
    entries: list[LedgerEntry] = []
    for entry in history:
        entries = [] if entry.type is EntryType.RELEASE else [*entries, entry]
    if not all(entry.evidence and entry.evidence.is_click for entry in entries):
        return ()
    return tuple(sorted(entry.occurred_at for entry in entries))


def box_state(
    mail: EmailState,
    topic: str,
    rows: Sequence[Suppression],
    clicks: Clicks,
    *,
    issued_on: date | None,
) -> BoxState:
    """Return a topic's state for a link that was issued on the day `issued_on` (UTC).

    `issued_on` is None for a link that may lack fingerprints or may be a former holder's
    (`may_be_former_holders`): such a link reopens nothing. Any other link reopens a topic that
    clicks closed only if it was issued before the day of the first click, so that nobody can make a
    link today that reopens what was closed before. A consent newer than a click supersedes that
    click, unless it has an end. The state is `ask` if a stop is in none of the `rows`, because it
    came after they were read, and if a consent with an end overrides a further stop for a time: the
    choice made on the page has no end, and would override that stop for ever.
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
    if mail.closes_again(topic):
        return BoxState.ASK
    if issued_on is None:
        return BoxState.UNSURE
    newest_consent_at = mail.with_lasting_consents().reopened_at(topic)
    closed_on = [_first_day(clicks[record], since=newest_consent_at) for record in records]
    return BoxState.OLD_LINK if issued_on < min(closed_on) else BoxState.NEW_LINK


def _first_day(clicked_at: Sequence[datetime], *, since: datetime | None) -> date:
    """Return the day (UTC) of the first click at `since` or later; if none, of the first of all.

    `since` is the date of the newest consent, which supersedes all earlier clicks, or None.
    """
    current = [instant for instant in clicked_at if since is None or instant >= since]
    return min(current or clicked_at).astimezone(UTC).date()


def suppressions_closing(
    shown_open: AbstractSet[str], ticked: AbstractSet[str], *, all_stopped: bool
) -> tuple[str, ...]:
    """Return the slugs of the topics to stop: shown as open, sent back unticked; '' for all topics.

    A person who ticks nothing wants no marketing at all, later topics of the controller included,
    even if each topic was closed already. `all_stopped`: whether a stop on all topics is in force.

    >>> suppressions_closing({"newsletter", "offers"}, {"offers"}, all_stopped=False)
    ('newsletter',)
    >>> suppressions_closing({"newsletter", "offers"}, set(), all_stopped=False)
    ('',)
    >>> suppressions_closing(set(), set(), all_stopped=True)
    ()
    """
    if not ticked and (shown_open or not all_stopped):
        return ("",)
    return tuple(sorted(shown_open - ticked))
