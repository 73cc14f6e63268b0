"""Consents: their proof, their end, and what one may lift (docs/architecture.md#the-decision)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from suppression.domain.calendar.months import months_after
from suppression.domain.errors import InvalidValueError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression, applies
from suppression.domain.suppressions.model import CLOCK_TOLERANCE, RecordId, Scope
from suppression.domain.vocabulary import Channel, ConsentEnd, ConsentState, GivenBy, Reason

ANNOUNCED_BEFORE = timedelta(days=30)
"""How long before its end a consent is announced in the ledger."""

PROOF_KEPT_MONTHS = 36
"""How long the proof is kept after the end (code de la consommation R223-2)."""

_NEVER_LIFTED = {Reason.RESTRICTION, Reason.COMPLAINT, Reason.DECEASED, Reason.UNDELIVERABLE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """What shows that a consent was given: the words shown, how, where its record is, by whom."""

    wording: str
    given_by: GivenBy
    evidence: str
    collected_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """A consent on record: one per fingerprint, scope and date. `source` is '' or an import's."""

    record_id: RecordId
    salt: bytes = field(repr=False)
    fingerprint: Fingerprint = field(repr=False)
    scope: Scope
    given_at: datetime
    until: datetime | None
    proof: Proof
    source: str
    recorded_at: datetime
    ended_at: datetime | None = None
    ended_by: ConsentEnd | None = None

    @property
    def as_active(self) -> ActiveConsent:
        """What a decision may know of it while it was not ended."""
        return ActiveConsent(
            scope=self.scope, given_at=self.given_at, until=self.until, lifts=not self.source
        )

    def may_end(self, moment: datetime) -> bool:
        """Whether something at a moment can still end it: given by then, and not over."""
        over = self.until is not None and self.until <= moment
        return self.ended_at is None and self.given_at <= moment and not over


def end_of(consent: ActiveConsent, months: int) -> datetime | None:
    """When a consent ends: at its own end, or after the longest that the policy lets one hold."""
    longest = months_after(consent.given_at, months) if months else None
    ends = [end for end in (consent.until, longest) if end is not None]
    return min(ends, default=None)


def is_valid_at(consent: ActiveConsent, moment: datetime, months: int) -> bool:
    """Whether a consent is in force at a moment. At its very end it is not."""
    end = end_of(consent, months)
    return consent.given_at <= moment and (end is None or moment < end)


def covers(consent: ActiveConsent, scope: Scope) -> bool:
    """Whether a consent is one for this: to all topics, or to the one asked for."""
    mine = consent.scope
    if (mine.channel, mine.purpose) != (scope.channel, scope.purpose):
        return False
    return mine.topic in {"", scope.topic}


def lifted_by(consent: ActiveConsent, stop: ActiveSuppression, scope: Scope) -> bool:
    """Whether a consent opens what an older stop had closed: on e-mail, its own topic alone.

    Where a line or a door is shared only the DPO lifts a stop. What came on the same moment as the
    consent, or after it, stands.

    >>> at = datetime(2026, 1, 1)
    >>> mail = Scope(channel=Channel.EMAIL, purpose=None, topic="offers")
    >>> consent = ActiveConsent(scope=mail, given_at=at, until=None, lifts=True)
    >>> stop = ActiveSuppression(scope=mail, reason=Reason.OBJECTION, since=at, last_occurred_at=at,
    ...     expires_at=None)
    >>> lifted_by(consent, stop, mail)
    False
    """
    return (
        consent.lifts
        and scope.channel is Channel.EMAIL
        and stop.reason not in _NEVER_LIFTED
        and consent.given_at > stop.last_occurred_at
        and stop.scope.topic in {"", consent.scope.topic}
        and consent.scope.topic == scope.topic
        and covers(consent, scope)
    )


def ends_at(consent: Consent, months: int) -> datetime | None:
    """When a consent on record ends or has ended, under a policy; None if it has no end."""
    ends = (end_of(consent.as_active, months), consent.ended_at)
    return min((end for end in ends if end is not None), default=None)


def state_of(consent: Consent, months: int, now: datetime) -> ConsentState:
    """How a consent stands. In force says nothing of stops, which may deny all the same."""
    if consent.ended_by is not None:
        return ConsentState(consent.ended_by)
    end = end_of(consent.as_active, months)
    return ConsentState.ENDED if end is not None and end <= now else ConsentState.IN_FORCE


def without_withdrawn(
    consent: Consent, stops: Iterable[ActiveSuppression], *, months: int, now: datetime
) -> list[ActiveSuppression]:
    """The stops that deny what a consent allows, and that it does not lift."""
    opens = consent.ended_at is None and is_valid_at(consent.as_active, now, months)
    return [
        stop
        for stop in stops
        if stop.in_force(now)
        and applies(stop, consent.scope)
        and not (opens and lifted_by(consent.as_active, stop, consent.scope))
    ]


def withdrawn_consents(consent: Consent, scopes: Collection[Scope], occurred_at: datetime) -> bool:
    """Whether a withdrawal of these scopes ends a consent: one to its topic, or to all.

    A consent to all topics outlives the withdrawal of one, whose stop denies that topic. What was
    given at the very moment of the withdrawal ends; what was given later does not.
    """
    mine = consent.scope
    named = any(
        (mine.channel, mine.purpose) == (scope.channel, scope.purpose)
        and scope.topic in {"", mine.topic}
        for scope in scopes
    )
    return named and consent.may_end(occurred_at)


def is_outlived(consent: Consent, stop: ActiveSuppression) -> bool:
    """Whether a stop came at or after a consent to the same: lifting it must not revive that."""
    return applies(stop, consent.scope) and consent.may_end(stop.last_occurred_at)


def check_consent_dates(
    given_at: datetime, until: datetime | None, *, months: int, now: datetime
) -> None:
    """Refuse a consent from the future, or one that would hold too long (R223-1: one year)."""
    if given_at > now + CLOCK_TOLERANCE:
        raise InvalidValueError.at("/given_at", "Send a time that is not ahead of now.")
    if until is None:
        return
    if until <= given_at:
        raise InvalidValueError.at("/until", "Send a time after `given_at`.")
    if months and until > months_after(given_at, months):
        detail = (
            f"Send at most {months} months after `given_at`: this controller's policy lets no "
            "consent on a channel of this request hold longer. Without `until` it ends then."
        )
        raise InvalidValueError.at("/until", detail)
