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

_MAX_STEPS = 100
"""The maximum number of tries to find an allowed instant: hours of two zones may never overlap."""


class _Context(NamedTuple):
    """All that the result of a check depends on, except time."""

    check: CheckRequest
    policy: Policy
    state: SubjectState


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonGiven:
    """One reason of a check result.

    `since` is when its cause began, None if that is unknown; `topic` is a stop's topic, else ''.
    """

    code: str
    since: datetime | None = None
    topic: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """The result of one check. `valid_until` is None where the decision is `unknown`.

    `basis`: that of an allow, else None; `attested`: whether only the caller states it. `retry_at`,
    of a deny, is the first instant at which the decision would be allow if nothing else changes;
    None if none is known.
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
    check: CheckRequest | InvalidCheck,
    policy: Policy,
    state: SubjectState,
    *,
    now: datetime,
    ttl: timedelta,
    database_now: datetime | None = None,
) -> CheckResult:
    """Decide one check from the state of its subject, at the instant of the planned contact.

    `now` is the time by this machine's clock, `database_now` by the database's when the state was
    read, None if that is unknown. Either clock may be wrong: the check is decided as of the earlier
    time, and allowed only if the later allows it too. `ttl` is the longest time that an allow or a
    deny is valid. An InvalidCheck has the result `unknown` with its code.
    """
    if isinstance(check, InvalidCheck):
        return unknown(check.code, now=now)
    earlier, later = (now, now) if database_now is None else sorted((now, database_now))
    result = _decide_at(check, policy, state, now=earlier, ttl=ttl)
    if result.decision is not Decision.ALLOW or later < (result.valid_until or later):
        return result
    by_later = _decide_at(check, policy, state, now=later, ttl=ttl)
    return result if by_later.decision is Decision.ALLOW else by_later


def _decide_at(
    check: CheckRequest, policy: Policy, state: SubjectState, *, now: datetime, ttl: timedelta
) -> CheckResult:
    """Decide one check, taking `now`, the time of one of the clocks, as the present time."""
    at = now if check.at is None else max(now, check.at)
    blockers = blockers_at(check, policy, state, at)
    if blockers:
        return _refusal(_Context(check, policy, state), blockers, now=now, ttl=ttl)
    lawful_basis = lawful_basis_at(check, policy, state, at)
    end = allow_ends_at(check, policy, state, at, lawful_basis)
    return CheckResult(
        decision=Decision.ALLOW,
        checked_at=now,
        basis=lawful_basis.basis if lawful_basis else None,
        attested=lawful_basis.attested if lawful_basis else False,
        audience=check.counted_audience,
        valid_until=now + ttl if end is None else min(now + ttl, end),
    )


def unknown(code: str, *, now: datetime) -> CheckResult:
    """Return the result `unknown` for a check that cannot be parsed or looked up: do not send."""
    return CheckResult(decision=Decision.UNKNOWN, checked_at=now, reasons=(ReasonGiven(code=code),))


def _refusal(
    context: _Context, blockers: Sequence[Blocker], *, now: datetime, ttl: timedelta
) -> CheckResult:
    """Return deny or unknown: the first blocker decides, and all together give the reasons."""
    reasons = _reasons_of(blockers)
    if not blockers[0].denies:
        return CheckResult(
            decision=Decision.UNKNOWN,
            checked_at=now,
            audience=context.check.counted_audience,
            reasons=reasons,
        )
    retry_at = _first_allowed(context, blockers)
    return CheckResult(
        decision=Decision.DENY,
        checked_at=now,
        audience=context.check.counted_audience,
        reasons=reasons,
        valid_until=now + ttl if retry_at is None else min(now + ttl, retry_at),
        retry_at=retry_at,
    )


def _reasons_of(blockers: Sequence[Blocker]) -> tuple[ReasonGiven, ...]:
    """Return one reason per code and topic, in order, with the date of its first blocker."""
    reasons: dict[tuple[str, str], ReasonGiven] = {}
    for blocker in blockers:
        reason = ReasonGiven(code=blocker.code, since=blocker.since, topic=blocker.topic)
        reasons.setdefault((blocker.code, blocker.topic), reason)
    return tuple(reasons.values())


def _first_allowed(context: _Context, blockers: Sequence[Blocker]) -> datetime | None:
    """Return the first instant without a blocker; None if it is not known when a blocker clears.

    Nothing is allowed before the last of the blockers clears. They are computed anew at that
    instant, until none is left; after 100 such steps, return None.
    """
    for _ in range(_MAX_STEPS):
        clears = [blocker.clears_at for blocker in blockers if blocker.clears_at is not None]
        if len(clears) < len(blockers):
            return None
        instant = max(clears)
        blockers = blockers_at(context.check, context.policy, context.state, instant)
        if not blockers:
            return instant
    return None
