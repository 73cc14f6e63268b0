"""Consents: their proof, their end, and what one may lift (docs/architecture.md#the-decision)."""

from __future__ import annotations

import calendar
import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.fingerprints import Fingerprint
from suppression.domain.standing import StandingConsent, StandingStop, applies
from suppression.domain.suppressions import CLOCK_TOLERANCE, Extent, RecordId
from suppression.domain.vocabulary import (
    Channel,
    ConsentEnd,
    ConsentState,
    GivenBy,
    Purpose,
    Reason,
)

ANNOUNCED_BEFORE = timedelta(days=30)
"""How long before its end a consent is announced in the ledger."""

PROOF_KEPT_MONTHS = 36
"""How long the proof is kept after the end (code de la consommation R223-2)."""

CALLS = Extent(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING)
"""What a time agreed to is for."""

_NEVER_LIFTED = {Reason.RESTRICTION, Reason.COMPLAINT, Reason.DECEASED, Reason.UNDELIVERABLE}
_MONTHS_OF_YEAR = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """What shows that a consent was given: the words shown, how, where its record is, by whom."""

    wording: str
    given_by: GivenBy
    evidence: str
    collected_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """A consent on record: one per fingerprint, extent and date. `source` is '' or an import's."""

    record_id: RecordId
    salt: bytes = field(repr=False)
    fingerprint: Fingerprint = field(repr=False)
    extent: Extent
    given_at: datetime
    until: datetime | None
    proof: Proof
    source: str
    recorded_at: datetime
    ended_at: datetime | None = None
    ended_by: ConsentEnd | None = None

    @property
    def standing(self) -> StandingConsent:
        """What a decision may know of it while it was not ended."""
        return StandingConsent(
            extent=self.extent, given_at=self.given_at, until=self.until, lifts=not self.source
        )

    def may_end(self, moment: datetime) -> bool:
        """Whether something at a moment can still end it: given by then, and not over."""
        over = self.until is not None and self.until <= moment
        return self.ended_at is None and self.given_at <= moment and not over


def months_after(moment: datetime, months: int) -> datetime:
    """The same day and time so many months on, else the last day of that month.

    >>> months_after(datetime(2028, 2, 29, 10), 12)
    datetime.datetime(2029, 2, 28, 10, 0)
    """
    ahead = moment.month - 1 + months
    year, month = moment.year + ahead // _MONTHS_OF_YEAR, ahead % _MONTHS_OF_YEAR + 1
    last = calendar.monthrange(year, month)[1]
    return moment.replace(year=year, month=month, day=min(moment.day, last))


def end_of(consent: StandingConsent, months: int) -> datetime | None:
    """When a consent ends: at its own end, or after the longest that the policy lets one hold."""
    longest = months_after(consent.given_at, months) if months else None
    ends = [end for end in (consent.until, longest) if end is not None]
    return min(ends, default=None)


def holds(consent: StandingConsent, moment: datetime, months: int) -> bool:
    """Whether a consent is in force at a moment. At its very end it is not."""
    end = end_of(consent, months)
    return consent.given_at <= moment and (end is None or moment < end)


def covers(consent: StandingConsent, extent: Extent) -> bool:
    """Whether a consent is one for this: to all topics, or to the one asked for."""
    mine = consent.extent
    if (mine.channel, mine.purpose) != (extent.channel, extent.purpose):
        return False
    return mine.topic in {"", extent.topic}


def lifts(consent: StandingConsent, stop: StandingStop, extent: Extent) -> bool:
    """Whether a consent opens what an older stop had closed: on e-mail, its own topic alone.

    Where a line or a door is shared only the DPO lifts a stop. What came on the same moment as the
    consent, or after it, stands.

    >>> at = datetime(2026, 1, 1)
    >>> mail = Extent(channel=Channel.EMAIL, purpose=None, topic="offers")
    >>> consent = StandingConsent(extent=mail, given_at=at, until=None, lifts=True)
    >>> stop = StandingStop(extent=mail, reason=Reason.OBJECTION, since=at, last_occurred_at=at,
    ...     expires_at=None)
    >>> lifts(consent, stop, mail)
    False
    """
    return (
        consent.lifts
        and extent.channel is Channel.EMAIL
        and stop.reason not in _NEVER_LIFTED
        and consent.given_at > stop.last_occurred_at
        and stop.extent.topic in {"", consent.extent.topic}
        and consent.extent.topic == extent.topic
        and covers(consent, extent)
    )


def ends_at(consent: Consent, months: int) -> datetime | None:
    """When a consent on record ends or has ended, under a policy; None if it has no end."""
    ends = (end_of(consent.standing, months), consent.ended_at)
    return min((end for end in ends if end is not None), default=None)


def state_of(consent: Consent, months: int, now: datetime) -> ConsentState:
    """How a consent stands. In force says nothing of stops, which may deny all the same."""
    if consent.ended_by is not None:
        return ConsentState(consent.ended_by)
    end = end_of(consent.standing, months)
    return ConsentState.ENDED if end is not None and end <= now else ConsentState.IN_FORCE


def left_standing(
    consent: Consent, stops: Iterable[StandingStop], *, months: int, now: datetime
) -> list[StandingStop]:
    """The stops that deny what a consent allows, and that it does not lift."""
    opens = consent.ended_at is None and holds(consent.standing, now, months)
    return [
        stop
        for stop in stops
        if stop.in_force(now)
        and applies(stop, consent.extent)
        and not (opens and lifts(consent.standing, stop, consent.extent))
    ]


def withdrawn(consent: Consent, extents: Collection[Extent], occurred_at: datetime) -> bool:
    """Whether a withdrawal of these extents ends a consent: one to its topic, or to all.

    A consent to all topics outlives the withdrawal of one, whose stop denies that topic. What was
    given at the very moment of the withdrawal ends; what was given later does not.
    """
    mine = consent.extent
    named = any(
        (mine.channel, mine.purpose) == (extent.channel, extent.purpose)
        and extent.topic in {"", mine.topic}
        for extent in extents
    )
    return named and consent.may_end(occurred_at)


def outlived(consent: Consent, stop: StandingStop) -> bool:
    """Whether a stop came at or after a consent to the same: lifting it must not revive that."""
    return applies(stop, consent.extent) and consent.may_end(stop.last_occurred_at)


def still_counting(
    consents: Sequence[StandingConsent], voiding: Sequence[StandingStop]
) -> list[StandingConsent]:
    """The consents that are newer than every stop on the same which was lifted."""
    return [
        one
        for one in consents
        if not any(
            applies(stop, one.extent) and one.given_at <= stop.last_occurred_at for stop in voiding
        )
    ]


def as_voided(consent: Consent, voiding: Sequence[StandingStop]) -> Consent:
    """A consent as it counts: over where a stop that came after it was lifted since.

    Its own row may say nothing of it: that stop may have named another writing of the mailbox.
    """
    ends = [stop.last_occurred_at for stop in voiding if outlived(consent, stop)]
    if not ends:
        return consent
    return dataclasses.replace(consent, ended_at=max(ends), ended_by=ConsentEnd.STOP_RELEASED)


def agreed_before(recorded_at: datetime, voiding: Iterable[StandingStop]) -> bool:
    """Whether a time agreed to for a call was told before a stop of calls that was lifted."""
    return any(applies(stop, CALLS) and recorded_at <= stop.last_occurred_at for stop in voiding)


def check_consent_dates(
    given_at: datetime, until: datetime | None, *, months: int, now: datetime
) -> None:
    """Refuse a consent from the future, or one that would hold too long (R223-1: one year)."""
    if given_at > now + CLOCK_TOLERANCE:
        raise _invalid("/given_at", "Send a time that is not ahead of now.")
    if until is None:
        return
    if until <= given_at:
        raise _invalid("/until", "Send a time after `given_at`.")
    if months and until > months_after(given_at, months):
        detail = (
            f"Send at most {months} months after `given_at`: this controller's policy lets no "
            "consent on a channel of this request hold longer. Without `until` it ends then."
        )
        raise _invalid("/until", detail)


def _invalid(pointer: str, detail: str) -> InvalidValueError:
    return InvalidValueError(faults=(Fault(pointer=pointer, detail=detail),))
