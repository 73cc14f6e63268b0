"""Forget the answers kept for Idempotency-Key once nobody may ask for them again."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from suppression.storage.ledger.idempotency import delete_answers_before_limit
from suppression.usecases.piecewise import PIECE, in_pieces


def forget_old_answers(*, now: datetime) -> int:
    """Delete the answers older than 48 hours; how many there were."""
    return in_pieces(partial(delete_answers_before_limit, now=now, most=PIECE))
