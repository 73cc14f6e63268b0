"""The suppressions, consents and calls on record from which a check is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class ActiveSuppression:
    """The dates, reason and `Scope` of a suppression. It is in force up to and including its end.

    A released suppression that voids older consents is of this type too (`StateLookup.voiding`).
    `reassigned`: whether it was released because the identifier is somebody else's now.
    """

    scope: Scope
    reason: Reason
    since: datetime
    last_occurred_at: datetime
    expires_at: datetime | None
    reassigned: bool = False

    def in_force(self, instant: datetime) -> bool:
        """Return whether the suppression has no end, or ends at `instant` or later."""
        return self.expires_at is None or self.expires_at >= instant


@dataclass(frozen=True, kw_only=True, slots=True)
class ActiveConsent:
    """The `Scope` and dates of a consent. `until` is excluded; a policy may end it sooner.

    An early end is not included: checks use only consents without one. `lifts`: whether the consent
    came alone, not by an import, so that it may override an older suppression.
    """

    scope: Scope
    given_at: datetime
    until: datetime | None
    lifts: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactHistory:
    """The times of attempts, refusals and agreed calls at a number, which later checks consider.

    Attempts and refusals limit calls. `callbacks` are the beginnings of agreed times, and an agreed
    time is a basis for a call.
    """

    attempts: tuple[datetime, ...] = ()
    refusals: tuple[datetime, ...] = ()
    callbacks: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectState:
    """The suppressions, consents and calls that the check of one identifier needs.

    Expired suppressions and consents may be among them: see `in_force` and `is_valid_at`. Released
    stops, and consents that ended early or that a released stop made void, are not.
    """

    suppressions: tuple[ActiveSuppression, ...] = ()
    consents: tuple[ActiveConsent, ...] = ()
    contacts: ContactHistory = field(default_factory=ContactHistory)


def applies(suppression: ActiveSuppression, scope: Scope) -> bool:
    """Return whether a suppression, while in force, denies a check of `scope`.

    It must be for the channel of `scope`, for its purpose or every purpose, and for its topic or
    all topics; if `scope` has no topic, for any topic. A restriction or a death denies everything.
    Consents are not considered.

    >>> from suppression.domain.vocabulary import Purpose
    >>> sms = Scope(channel=Channel.SMS, purpose=Purpose.SERVICE)
    >>> keyword = ActiveSuppression(
    ...     scope=Scope(channel=Channel.SMS, purpose=Purpose.MARKETING),
    ...     reason=Reason.STOP_KEYWORD, since=datetime.min, last_occurred_at=datetime.min,
    ...     expires_at=None)
    >>> applies(keyword, sms)
    True
    """
    if suppression.reason.covers_everything:
        return True
    if scope.topic and suppression.scope.topic not in {"", scope.topic}:
        return False
    if suppression.scope.channel is not scope.channel:
        return False
    return suppression.scope.purpose is scope.purpose or (
        scope.channel is not None and _stops_every_purpose(suppression)
    )


def voids(suppression: ActiveSuppression, scope: Scope) -> bool:
    """Return whether a released suppression voids what was agreed to for `scope` before it.

    It does if it applied to `scope`; if the identifier was reassigned, it voids every scope. An
    undeliverable identifier may be somebody else's: such a suppression also voids consents without
    a channel, which are for profiling and sharing.

    >>> from suppression.domain.vocabulary import Purpose
    >>> wrong_number = ActiveSuppression(
    ...     scope=Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING),
    ...     reason=Reason.UNDELIVERABLE, since=datetime.min, last_occurred_at=datetime.min,
    ...     expires_at=None)
    >>> voids(wrong_number, Scope(channel=None, purpose=Purpose.SHARING))
    True
    """
    of_nobody = scope.channel is None and suppression.reason is Reason.UNDELIVERABLE
    return suppression.reassigned or of_nobody or applies(suppression, scope)


def _stops_every_purpose(suppression: ActiveSuppression) -> bool:
    """Return whether a suppression denies every purpose of its channel: a bounce or STOP by SMS."""
    return suppression.reason is Reason.UNDELIVERABLE or (
        suppression.reason is Reason.STOP_KEYWORD and suppression.scope.channel is Channel.SMS
    )
