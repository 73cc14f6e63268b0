"""Forget what people were shown after a stop once its page is a month old."""

from __future__ import annotations

from datetime import datetime

from suppression.storage.confirmation_rows import delete_confirmations_before_limit
from suppression.storage.database import writing


def forget_old_confirmations(*, now: datetime) -> int:
    """Delete the pages older than a month; how many there were. The stops stay."""
    with writing() as transaction:
        return delete_confirmations_before_limit(transaction, now=now)
