"""The decision: allow, deny or unknown, in the order of docs/architecture.md#the-decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from suppression.domain.bases import ground_at
from suppression.domain.obstacles import Obstacle, end_at, obstacles_at
from suppression.domain.policies import Policy
from suppression.domain.questions import Question, Unaskable
from suppression.domain.standing import Standing
from suppression.domain.vocabulary import Audience, Basis, Decision

_MOST_STEPS = 100
"""How often to look again for an allowed moment: zones may never be open at once."""


class _Asked(NamedTuple):
    """A question with all that its answer depends on but the time."""

    question: Question
    policy: Policy
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonGiven:
    """One reason of an answer. `since` and `topic` belong to what has them."""

    code: str
    since: datetime | None = None
    topic: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The answer to one question. `valid_until` is absent where the answer is `unknown`.

    `retry_at` is the first moment at which the answer would be allow, as things stand.
    """

    decision: Decision
    checked_at: datetime
    basis: Basis | None = None
    attested: bool = False
    audience: Audience = Audience.CONSUMER
    reasons: tuple[ReasonGiven, ...] = ()
    valid_until: datetime | None = None
    retry_at: datetime | None = None


def decide(
    question: Question | Unaskable,
    policy: Policy,
    standing: Standing,
    *,
    now: datetime,
    ttl: timedelta,
    there: datetime | None = None,
) -> Answer:
    """Answer one question from what stands under its fingerprints, for the moment it asks of.

    `now` is the time by this machine's clock, `there` by the database's as it was read. Whichever
    is wrong, only what is allowed by both is allowed: as of the earlier one, up to the later.
    """
    if isinstance(question, Unaskable):
        return unknown(question.code, now=now)
    earlier, later = (now, now) if there is None else sorted((now, there))
    answer = _decided(question, policy, standing, now=earlier, ttl=ttl)
    if answer.decision is not Decision.ALLOW or later < (answer.valid_until or later):
        return answer
    by_later = _decided(question, policy, standing, now=later, ttl=ttl)
    return answer if by_later.decision is Decision.ALLOW else by_later


def _decided(
    question: Question, policy: Policy, standing: Standing, *, now: datetime, ttl: timedelta
) -> Answer:
    """The same by one clock."""
    at = now if question.at is None else max(now, question.at)
    found = obstacles_at(question, policy, standing, at)
    if found:
        return _refusal(_Asked(question, policy, standing), found, now=now, ttl=ttl)
    ground = ground_at(question, policy, standing, at)
    end = end_at(question, policy, standing, at, ground)
    return Answer(
        decision=Decision.ALLOW,
        checked_at=now,
        basis=ground.basis if ground else None,
        attested=ground.attested if ground else False,
        audience=question.counted_audience,
        valid_until=now + ttl if end is None else min(now + ttl, end),
    )


def unknown(code: str, *, now: datetime) -> Answer:
    """The answer to what could not be understood or looked up: do not send."""
    return Answer(decision=Decision.UNKNOWN, checked_at=now, reasons=(ReasonGiven(code=code),))


def _refusal(asked: _Asked, found: Sequence[Obstacle], *, now: datetime, ttl: timedelta) -> Answer:
    """Deny or unknown: the first obstacle decides, all of them are told."""
    reasons = _given(found)
    if not found[0].decides:
        return Answer(
            decision=Decision.UNKNOWN,
            checked_at=now,
            audience=asked.question.counted_audience,
            reasons=reasons,
        )
    retry_at = _first_allowed(asked, found)
    return Answer(
        decision=Decision.DENY,
        checked_at=now,
        audience=asked.question.counted_audience,
        reasons=reasons,
        valid_until=now + ttl if retry_at is None else min(now + ttl, retry_at),
        retry_at=retry_at,
    )


def _given(found: Sequence[Obstacle]) -> tuple[ReasonGiven, ...]:
    """A reason per code and topic, with the earliest date of each."""
    given: dict[tuple[str, str], ReasonGiven] = {}
    for one in found:
        reason = ReasonGiven(code=one.code, since=one.since, topic=one.topic)
        given.setdefault((one.code, one.topic), reason)
    return tuple(given.values())


def _first_allowed(asked: _Asked, found: Sequence[Obstacle]) -> datetime | None:
    """The first moment with nothing in the way; None if something never clears.

    Before the last of these obstacles clears nothing is allowed; what stands in the way then is
    looked at anew, until nothing is.
    """
    for _ in range(_MOST_STEPS):
        clears = [one.clears for one in found if one.clears is not None]
        if len(clears) < len(found):
            return None
        moment = max(clears)
        found = obstacles_at(asked.question, asked.policy, asked.standing, moment)
        if not found:
            return moment
    return None
