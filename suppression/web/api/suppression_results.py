"""How a stored stop is told, whichever call stored it."""

from __future__ import annotations

from suppression.usecases.suppressions.record import StopResult


def suppression_result(result: StopResult) -> dict[str, object]:
    """One result, as StopResultSchema sends it."""
    return {
        "index": result.index,
        "channel": result.scope.channel,
        "outcome": result.outcome,
        "suppression_id": result.record_id.hex(),
        "since": result.since,
        "whole_address": True if result.whole_address else None,
        "sandbox": True if result.sandbox else None,
    }
