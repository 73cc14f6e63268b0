"""Consents: their proof, their end, and what one may lift (design section 5)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.fingerprints import Fingerprint
from suppression.domain.standing import StandingConsent, StandingStop
from suppression.domain.suppressions import CLOCK_TOLERANCE, Extent, RecordId
from suppression.domain.vocabulary import Channel, ConsentEnd, GivenBy, Reason

ANNOUNCED_BEFORE = timedelta(days=30)
"""How long before its end a consent is announced in the ledger."""

PROOF_KEPT_MONTHS = 36
"""How long the proof is kept after the end (code de la consommation R223-2)."""

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

    def in_force(self, moment: datetime) -> bool:
        """Whether it was given by then and has not ended."""
        over = [end for end in (self.until, self.ended_at) if end is not None and end <= moment]
        return self.given_at <= moment and not over


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
