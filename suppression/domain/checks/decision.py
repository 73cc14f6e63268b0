"""The decision: allow, deny or unknown, in the order of docs/architecture.md#the-decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from suppression.domain.checks.blockers import Blocker, allow_ends_at, blockers_at
from suppression.domain.checks.lawful_basis import lawful_basis_at
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.policies.model import Policy
from suppression.domain.suppressions.active import SubjectState
from suppression.domain.vocabulary import Audience, Basis, Decision

_MOST_STEPS = 100
"""How often to look again for an allowed moment: zones may never be open at once."""


class _Context(NamedTuple):
    """A question with all that its answer depends on but the time."""

    question: CheckRequest
    policy: Policy
    standing: SubjectState


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonGiven:
    """One reason of an answer. `since` and `topic` belong to what has them."""

    code: str
    since: datetime | None = None
    topic: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
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
    question: CheckRequest | InvalidCheck,
    policy: Policy,
    standing: SubjectState,
    *,
    now: datetime,
    ttl: timedelta,
    there: datetime | None = None,
) -> CheckResult:
    """Answer one question from what stands under its fingerprints, for the moment it asks of.

    `now` is the time by this machine's clock, `there` by the database's as it was read. Whichever
    is wrong, only what is allowed by both is allowed: as of the earlier one, up to the later.
    """
    if isinstance(question, InvalidCheck):
        return unknown(question.code, now=now)
    earlier, later = (now, now) if there is None else sorted((now, there))
    answer = _decided(question, policy, standing, now=earlier, ttl=ttl)
    if answer.decision is not Decision.ALLOW or later < (answer.valid_until or later):
        return answer
    by_later = _decided(question, policy, standing, now=later, ttl=ttl)
    return answer if by_later.decision is Decision.ALLOW else by_later


def _decided(
    question: CheckRequest, policy: Policy, standing: SubjectState, *, now: datetime, ttl: timedelta
) -> CheckResult:
    """The same by one clock."""
    at = now if question.at is None else max(now, question.at)
    blockers = blockers_at(question, policy, standing, at)
    if blockers:
        return _refusal(_Context(question, policy, standing), blockers, now=now, ttl=ttl)
    ground = lawful_basis_at(question, policy, standing, at)
    end = allow_ends_at(question, policy, standing, at, ground)
    return CheckResult(
        decision=Decision.ALLOW,
        checked_at=now,
        basis=ground.basis if ground else None,
        attested=ground.attested if ground else False,
        audience=question.counted_audience,
        valid_until=now + ttl if end is None else min(now + ttl, end),
    )


def unknown(code: str, *, now: datetime) -> CheckResult:
    """The answer to what could not be understood or looked up: do not send."""
    return CheckResult(decision=Decision.UNKNOWN, checked_at=now, reasons=(ReasonGiven(code=code),))


def _refusal(
    asked: _Context, blockers: Sequence[Blocker], *, now: datetime, ttl: timedelta
) -> CheckResult:
    """Deny or unknown: the first obstacle decides, all of them are told."""
    reasons = _reasons_of(blockers)
    if not blockers[0].denies:
        return CheckResult(
            decision=Decision.UNKNOWN,
            checked_at=now,
            audience=asked.question.counted_audience,
            reasons=reasons,
        )
    retry_at = _first_allowed(asked, blockers)
    return CheckResult(
        decision=Decision.DENY,
        checked_at=now,
        audience=asked.question.counted_audience,
        reasons=reasons,
        valid_until=now + ttl if retry_at is None else min(now + ttl, retry_at),
        retry_at=retry_at,
    )


def _reasons_of(blockers: Sequence[Blocker]) -> tuple[ReasonGiven, ...]:
    """A reason per code and topic, with the earliest date of each."""
    given: dict[tuple[str, str], ReasonGiven] = {}
    for blocker in blockers:
        reason = ReasonGiven(code=blocker.code, since=blocker.since, topic=blocker.topic)
        given.setdefault((blocker.code, blocker.topic), reason)
    return tuple(given.values())


def _first_allowed(asked: _Context, blockers: Sequence[Blocker]) -> datetime | None:
    """The first moment with nothing in the way; None if something never clears.

    Before the last of these obstacles clears nothing is allowed; what stands in the way then is
    looked at anew, until nothing is.
    """
    for _ in range(_MOST_STEPS):
        clears = [blocker.clears_at for blocker in blockers if blocker.clears_at is not None]
        if len(clears) < len(blockers):
            return None
        moment = max(clears)
        blockers = blockers_at(asked.question, asked.policy, asked.standing, moment)
        if not blockers:
            return moment
    return None
