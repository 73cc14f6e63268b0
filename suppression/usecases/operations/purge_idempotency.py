"""Forget the answers kept for Idempotency-Key once nobody may ask for them again."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from suppression.storage.ledger.idempotency import delete_responses_before_limit
from suppression.usecases.piecewise import PIECE, run_piecewise


def purge_idempotency(*, now: datetime) -> int:
    """Delete the answers older than 48 hours; how many there were."""
    return run_piecewise(partial(delete_responses_before_limit, now=now, most=PIECE))
