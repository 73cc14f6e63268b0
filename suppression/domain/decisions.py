"""The decision: allow, deny or unknown, by the rules of design section 5, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from suppression.domain.fingerprints import Subject
from suppression.domain.policies import Policy
from suppression.domain.suppressions import Extent
from suppression.domain.vocabulary import Basis, Channel, Decision, Kind, Purpose, Reason, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """May I use this, on this channel, for this purpose and topic? Asked of one subject."""

    subject: Subject
    extent: Extent
    attested: Basis | None = None

    @property
    def purpose(self) -> Purpose:
        """The purpose asked for; a question always has one."""
        return self.extent.purpose or Purpose.MARKETING


@dataclass(frozen=True, kw_only=True, slots=True)
class Unaskable:
    """A question that cannot be understood: its answer is `unknown` with this code."""

    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StandingStop:
    """A suppression that has not been released, as a decision sees it."""

    extent: Extent
    reason: Reason
    since: datetime
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonGiven:
    """One reason of an answer. `since` and `topic` belong to suppressions."""

    code: str
    since: datetime | None = None
    topic: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The answer to one question. `valid_until` is absent where the answer is `unknown`."""

    decision: Decision
    checked_at: datetime
    basis: Basis | None = None
    attested: bool = False
    reasons: tuple[ReasonGiven, ...] = ()
    valid_until: datetime | None = None


def decide(
    question: Question | Unaskable,
    policy: Policy,
    stops: Iterable[StandingStop],
    *,
    now: datetime,
    ttl: timedelta,
) -> Answer:
    """Answer one question from the stops that stand under its fingerprints."""
    if isinstance(question, Unaskable):
        return unknown(question.code, now=now)
    denying = [stop for stop in stops if _in_force(stop, now) and applies(stop, question.extent)]
    denying.sort(key=lambda stop: (not stop.reason.covers_everything, stop.since))
    reasons = _given(denying)
    not_asked = _not_asked(question.subject)
    basis = _basis(question, policy)
    if not_asked:
        reasons.append(ReasonGiven(code=not_asked))
    if basis is None:
        reasons.append(ReasonGiven(code="no_consent"))
    if not_asked and not denying:
        return Answer(decision=Decision.UNKNOWN, checked_at=now, reasons=tuple(reasons))
    if reasons:
        return Answer(
            decision=Decision.DENY,
            checked_at=now,
            reasons=tuple(reasons),
            valid_until=_earlier(now + ttl, _last_end(denying)),
        )
    return Answer(
        decision=Decision.ALLOW,
        checked_at=now,
        basis=basis,
        attested=basis is not Basis.NO_OBJECTION,
        valid_until=now + ttl,
    )


def unknown(code: str, *, now: datetime) -> Answer:
    """The answer to what could not be understood or looked up: do not send."""
    return Answer(decision=Decision.UNKNOWN, checked_at=now, reasons=(ReasonGiven(code=code),))


def applies(stop: StandingStop, extent: Extent) -> bool:
    """Whether a stop denies this channel, purpose and topic.

    >>> sms = Extent(channel=Channel.SMS, purpose=Purpose.SERVICE)
    >>> keyword = StandingStop(
    ...     extent=Extent(channel=Channel.SMS, purpose=Purpose.MARKETING),
    ...     reason=Reason.STOP_KEYWORD, since=datetime.min, expires_at=None)
    >>> applies(keyword, sms)
    True
    """
    if stop.reason.covers_everything:
        return True
    if extent.topic and stop.extent.topic not in {"", extent.topic}:
        return False
    if stop.extent.channel is not extent.channel:
        return False
    return stop.extent.purpose is extent.purpose or (
        extent.channel is not None and _stops_every_purpose(stop)
    )


def _stops_every_purpose(stop: StandingStop) -> bool:
    """A bounce, and STOP by SMS, hold for service messages too."""
    return stop.reason is Reason.UNDELIVERABLE or (
        stop.reason is Reason.STOP_KEYWORD and stop.extent.channel is Channel.SMS
    )


def _in_force(stop: StandingStop, now: datetime) -> bool:
    return stop.expires_at is None or stop.expires_at > now


def _given(stops: Sequence[StandingStop]) -> list[ReasonGiven]:
    """A reason per code and topic, with the earliest date of each."""
    given: dict[tuple[str, str], ReasonGiven] = {}
    for stop in stops:
        reason = ReasonGiven(code=stop.reason, since=stop.since, topic=stop.extent.topic)
        given.setdefault((reason.code, reason.topic), reason)
    return list(given.values())


def _not_asked(subject: Subject) -> str:
    """Why an identifier cannot be allowed although no stop was found; '' if it can."""
    if subject.partners_unasked:
        return "partner_lists_not_asked"
    if subject.kind is not Kind.POSTAL:
        return ""
    if subject.hashed:
        return "whole_address_not_asked"
    return "" if subject.named else "name_missing"


def _basis(question: Question, policy: Policy) -> Basis | None:
    """The basis of an allow: attested if it counts here, else that nobody objected."""
    if question.attested in policy.attestable:
        return question.attested
    return None if policy.rule is Rule.OPT_IN else Basis.NO_OBJECTION


def _last_end(stops: Sequence[StandingStop]) -> datetime | None:
    """When the last of these stops ends by itself; None if one never does, or there is none."""
    ends = [stop.expires_at for stop in stops]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _earlier(one: datetime, other: datetime | None) -> datetime:
    return one if other is None else min(one, other)
