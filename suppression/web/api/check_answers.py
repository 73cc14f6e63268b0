"""The fields of answers to checks, and the counts that each answer adds to the metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from suppression.adapters.observability.metrics import count_attested, count_check, count_checks
from suppression.domain.checks.decision import CheckResult
from suppression.domain.vocabulary import Audience, Channel, Decision

_DECISION = attrgetter("decision")


def count_decisions(channel: Channel | None, answers: Sequence[CheckResult]) -> None:
    """Count every decision in the metrics, and every allow that rests on the caller's statement."""
    if len(answers) == 1:
        count_check(channel, answers[0].decision)
    else:
        count_checks(channel, map(_DECISION, answers))
    for answer in answers:
        if not answer.attested and answer.audience is Audience.CONSUMER:
            continue
        professional = answer.audience is Audience.PROFESSIONAL
        if answer.decision is Decision.ALLOW:
            count_attested(channel, Audience.PROFESSIONAL if professional else answer.basis)


def answer_fields(answer: CheckResult, correlation_id: str | None) -> dict[str, object]:
    """Return the fields of one answer for `CheckAnswerSchema`, which omits those that are None."""
    return {
        "decision": answer.decision,
        "basis": answer.basis,
        "attested": True if answer.attested else None,
        "audience": answer.audience if answer.audience is Audience.PROFESSIONAL else None,
        "reasons": answer.reasons,
        "checked_at": answer.checked_at,
        "valid_until": answer.valid_until,
        "retry_at": answer.retry_at,
        "correlation_id": correlation_id,
    }


def summarize(answers: Sequence[CheckResult]) -> dict[str, object]:
    """Return how many answers have each decision, and how many name each reason."""
    counted = Counter(map(_DECISION, answers))
    given = [answer.reasons for answer in answers if answer.reasons]
    reasons = Counter(code for each in given for code in {reason.code for reason in each})
    return {str(decision): counted[decision] for decision in Decision} | {
        "reasons": {str(code): number for code, number in sorted(reasons.items())}
    }
