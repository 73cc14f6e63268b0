"""The fixed results of checks of sandbox identifiers; a policy does not change them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from suppression.domain.checks.decision import CheckResult, ReasonGiven, unknown
from suppression.domain.identifiers.sandbox import SandboxCase
from suppression.domain.vocabulary import Basis, Decision, Reason

_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
_DENIED = {
    SandboxCase.SUPPRESSED: ReasonGiven(code=Reason.OBJECTION, since=_SINCE),
    SandboxCase.NO_CONSENT: ReasonGiven(code="no_consent"),
}


def sandbox_answer(case: SandboxCase, *, now: datetime, ttl: timedelta) -> CheckResult:
    """Return the fixed check result of a sandbox case; an allow or a deny is valid for `ttl`."""
    if case is SandboxCase.ERROR:
        return unknown("sandbox_error", now=now)
    if case is SandboxCase.ALLOWED:
        return CheckResult(
            decision=Decision.ALLOW,
            basis=Basis.NO_OBJECTION,
            checked_at=now,
            valid_until=now + ttl,
        )
    return CheckResult(
        decision=Decision.DENY,
        reasons=(_DENIED[case],),
        checked_at=now,
        valid_until=now + ttl,
    )
