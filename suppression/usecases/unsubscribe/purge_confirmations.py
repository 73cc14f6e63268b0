"""Forget what people were shown after a stop once its page is a month old."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from suppression.storage.unsubscribe.rows import delete_confirmations_before_limit
from suppression.usecases.piecewise import PIECE, run_piecewise


def purge_confirmations(*, now: datetime) -> int:
    """Delete the pages older than a month; how many there were. The stops stay."""
    return run_piecewise(partial(delete_confirmations_before_limit, now=now, most=PIECE))
