"""What stands under an identifier when a question is asked: all that a decision may know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class ActiveSuppression:
    """A suppression that has not been released. It holds up to its end, that moment included."""

    scope: Scope
    reason: Reason
    since: datetime
    last_occurred_at: datetime
    expires_at: datetime | None

    def in_force(self, moment: datetime) -> bool:
        """Whether it has not ended by itself."""
        return self.expires_at is None or self.expires_at >= moment


@dataclass(frozen=True, kw_only=True, slots=True)
class ActiveConsent:
    """A consent on record that was not withdrawn. At `until` it holds no more.

    `lifts`: it came by itself, with its proof, so that it may open what an older stop had closed.
    """

    scope: Scope
    given_at: datetime
    until: datetime | None
    lifts: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactHistory:
    """Earlier calls to a number, as far as limits and agreed times need them."""

    attempts: tuple[datetime, ...] = ()
    refusals: tuple[datetime, ...] = ()
    callbacks: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectState:
    """All of it, for one question."""

    suppressions: tuple[ActiveSuppression, ...] = ()
    consents: tuple[ActiveConsent, ...] = ()
    contacts: ContactHistory = field(default_factory=ContactHistory)


def applies(stop: ActiveSuppression, scope: Scope) -> bool:
    """Whether a stop denies this channel, purpose and topic.

    >>> from suppression.domain.vocabulary import Purpose
    >>> sms = Scope(channel=Channel.SMS, purpose=Purpose.SERVICE)
    >>> keyword = ActiveSuppression(
    ...     scope=Scope(channel=Channel.SMS, purpose=Purpose.MARKETING),
    ...     reason=Reason.STOP_KEYWORD, since=datetime.min, last_occurred_at=datetime.min,
    ...     expires_at=None)
    >>> applies(keyword, sms)
    True
    """
    if stop.reason.covers_everything:
        return True
    if scope.topic and stop.scope.topic not in {"", scope.topic}:
        return False
    if stop.scope.channel is not scope.channel:
        return False
    return stop.scope.purpose is scope.purpose or (
        scope.channel is not None and _stops_every_purpose(stop)
    )


def _stops_every_purpose(stop: ActiveSuppression) -> bool:
    """A bounce, and STOP by SMS, hold for service messages too."""
    return stop.reason is Reason.UNDELIVERABLE or (
        stop.reason is Reason.STOP_KEYWORD and stop.scope.channel is Channel.SMS
    )
