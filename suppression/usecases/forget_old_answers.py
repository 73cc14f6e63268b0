"""Forget the answers kept for Idempotency-Key once nobody may ask for them again."""

from __future__ import annotations

from datetime import datetime

from suppression.storage.database import writing
from suppression.storage.idempotent_answers import delete_answers_before_limit


def forget_old_answers(*, now: datetime) -> int:
    """Delete the answers older than 48 hours; how many there were."""
    with writing() as transaction:
        return delete_answers_before_limit(transaction, now=now)
