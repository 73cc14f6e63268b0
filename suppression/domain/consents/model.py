"""Consents: their proof, their end, and which stops they override.

See docs/architecture.md#the-decision.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from suppression.domain.calendar.months import months_after
from suppression.domain.errors import InvalidValueError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.active import (
    ActiveConsent,
    ActiveSuppression,
    applies,
    voids,
)
from suppression.domain.suppressions.model import CLOCK_TOLERANCE, RecordId, Scope
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

CALLS = Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING)
"""Marketing by telephone: the channel and purpose of call attempts and of agreed call times."""

_NEVER_OVERRIDDEN = {Reason.COMPLAINT, Reason.UNDELIVERABLE, Reason.DOMAIN}.union(
    reason for reason in Reason if reason.covers_everything
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """The proof of a consent: the `wording` that the person saw, and how the consent was given.

    `evidence` is the caller's reference of the record; `collected_by` is the person, team or form
    that collected the consent.
    """

    wording: str
    given_by: GivenBy
    evidence: str
    collected_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """A consent on record: one per fingerprint, channel, purpose, topic and date.

    `until` is its own end, None for none; `ended_at` and `ended_by` are those of an early end.
    `source` is the reference of the import that brought it, else ''.
    """

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
        """The consent as decisions use it. An early end (`ended_at`) is left out."""
        return ActiveConsent(
            scope=self.scope, given_at=self.given_at, until=self.until, lifts=not self.source
        )

    def may_end(self, instant: datetime) -> bool:
        """Return whether an event at `instant` can end the consent early.

        It can if the consent was given at `instant` or before, has not ended early already, and
        its `until`, if it has one, is later.
        """
        over = self.until is not None and self.until <= instant
        return self.ended_at is None and self.given_at <= instant and not over


def end_of(consent: ActiveConsent, months: int) -> datetime | None:
    """Return when a consent ends; None for never.

    It ends at its `until` or `months` after it was given, whichever is earlier. `months` is the
    policy's maximum duration of a consent; 0 sets no maximum.
    """
    longest_end = months_after(consent.given_at, months) if months else None
    ends = [end for end in (consent.until, longest_end) if end is not None]
    return min(ends, default=None)


def is_valid_at(consent: ActiveConsent, instant: datetime, months: int) -> bool:
    """Return whether a consent was given by `instant`, and its end (`end_of`) is later or never.

    `months` is the policy's maximum duration of a consent; 0 sets no maximum.
    """
    end = end_of(consent, months)
    return consent.given_at <= instant and (end is None or instant < end)


def covers(consent: ActiveConsent, scope: Scope) -> bool:
    """Return whether a consent is for the channel and purpose of `scope`, and its topic or all."""
    own_scope = consent.scope
    if (own_scope.channel, own_scope.purpose) != (scope.channel, scope.purpose):
        return False
    return own_scope.topic in {"", scope.topic}


def lifted_by(consent: ActiveConsent, stop: ActiveSuppression, scope: Scope) -> bool:
    """Return whether a consent overrides a stop in a check of `scope`.

    The caller makes sure that the consent is valid and that the stop applies. A consent overrides
    stops on its own topic or all topics, in checks of its own topic only, and on e-mail only: a
    telephone line or a postal address may be shared. It does not override a stop whose
    `last_occurred_at` is at `given_at` or later, nor a restriction, a complaint, a death, a bounce
    or a stop of a whole mail domain. A consent that an import brought overrides nothing.

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
        and stop.reason not in _NEVER_OVERRIDDEN
        and consent.given_at > stop.last_occurred_at
        and stop.scope.topic in {"", consent.scope.topic}
        and consent.scope.topic == scope.topic
        and covers(consent, scope)
    )


def ends_at(consent: Consent, months: int) -> datetime | None:
    """Return when a consent on record ends or ended; None if it has no end.

    `months` is the policy's maximum duration of a consent; 0 sets no maximum.
    """
    ends = (end_of(consent.as_active, months), consent.ended_at)
    return min((end for end in ends if end is not None), default=None)


def ends_later(consent: Consent, until: datetime | None) -> bool:
    """Return whether a consent has not ended early, and its own `until` is later than the argument.

    None means no end: it is later than any date, and nothing is later than it.
    """
    if until is None or consent.ended_at is not None:
        return False
    return consent.until is None or consent.until > until


def state_of(consent: Consent, months: int, now: datetime) -> ConsentState:
    """Return the state of a consent: why it ended early, else whether its end has come by `now`.

    `months` is the policy's maximum duration of a consent; 0 sets no maximum. A stop can deny the
    contact even if the consent is `IN_FORCE`.
    """
    if consent.ended_by is not None:
        return ConsentState(consent.ended_by)
    end = end_of(consent.as_active, months)
    return ConsentState.ENDED if end is not None and end <= now else ConsentState.IN_FORCE


def without_withdrawn(
    consent: Consent, stops: Iterable[ActiveSuppression], *, months: int, now: datetime
) -> list[ActiveSuppression]:
    """Return those of `stops` that deny at `now` what a consent allows and does not override.

    `months` is the policy's maximum duration of a consent; 0 sets no maximum.
    """
    overrides = consent.ended_at is None and is_valid_at(consent.as_active, now, months)
    return [
        stop
        for stop in stops
        if stop.in_force(now)
        and applies(stop, consent.scope)
        and not (overrides and lifted_by(consent.as_active, stop, consent.scope))
    ]


def withdrawn_consents(consent: Consent, scopes: Collection[Scope], occurred_at: datetime) -> bool:
    """Return whether the withdrawal of `scopes` at `occurred_at` ends a consent.

    It does if one of them is the consent's own, or has its channel and purpose and all topics. The
    withdrawal of one topic does not end a consent to all topics: the stop denies that topic alone.
    A consent given at the very instant of the withdrawal ends; one that was given later, or had
    ended before, does not.
    """
    own_scope = consent.scope
    named = any(
        (own_scope.channel, own_scope.purpose) == (scope.channel, scope.purpose)
        and scope.topic in {"", own_scope.topic}
        for scope in scopes
    )
    return named and consent.may_end(occurred_at)


def is_outlived(consent: Consent, stop: ActiveSuppression) -> bool:
    """Return whether a stop voids the scope of a consent, and came while the consent ran.

    The consent ran then if it has not ended early, and the stop's `last_occurred_at` is at
    `given_at` or later and before `until`. Releasing such a stop must not revive the consent.
    """
    return voids(stop, consent.scope) and consent.may_end(stop.last_occurred_at)


def still_counting(
    consents: Sequence[ActiveConsent], voiding: Sequence[ActiveSuppression]
) -> list[ActiveConsent]:
    """Return the consents that are newer than every released stop in `voiding` that voids them.

    The date of a stop is its `last_occurred_at`; a consent given at that instant is left out.
    """
    return [
        consent
        for consent in consents
        if not any(
            voids(stop, consent.scope) and consent.given_at <= stop.last_occurred_at
            for stop in voiding
        )
    ]


def as_voided(consent: Consent, voiding: Sequence[ActiveSuppression]) -> Consent:
    """Return a consent as ended if a released stop in `voiding` came while it ran (`is_outlived`).

    Otherwise return it unchanged. The stored consent may lack that end, since the stop may have
    named the mailbox in another spelling.
    """
    ends = [stop.last_occurred_at for stop in voiding if is_outlived(consent, stop)]
    if not ends:
        return consent
    return dataclasses.replace(consent, ended_at=max(ends), ended_by=ConsentEnd.STOP_RELEASED)


def as_of_wrong_person(consent: Consent, wrong_persons: Iterable[ActiveSuppression]) -> Consent:
    """Return a consent without channel as ended if a later call reached a wrong person.

    `wrong_persons` are the stops in force that such a call may have stored
    (`may_tell_wrong_person`). Return a consent with a channel unchanged: its channel is stopped,
    and a release of the stop ends it.
    """
    if consent.scope.channel is not None:
        return consent
    instants = [stop.last_occurred_at for stop in wrong_persons]
    ends = [instant for instant in instants if consent.may_end(instant)]
    if not ends:
        return consent
    return dataclasses.replace(consent, ended_at=max(ends), ended_by=ConsentEnd.WRONG_PERSON)


def agreed_before(agreed_at: datetime, voiding: Iterable[ActiveSuppression]) -> bool:
    """Return whether a call was agreed no later than a released stop on calls in `voiding`.

    The date of a stop is its `last_occurred_at`.
    """
    return any(voids(stop, CALLS) and agreed_at <= stop.last_occurred_at for stop in voiding)


def check_consent_dates(
    given_at: datetime, until: datetime | None, *, months: int, now: datetime
) -> None:
    """Raise InvalidValueError if `given_at` is over 5 minutes after `now`, or `until` is invalid.

    A valid `until` is None, or after `given_at` and at most `months` after it; 0 `months` set no
    maximum. The code de la consommation allows one year (R223-1).
    """
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
