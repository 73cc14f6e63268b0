"""Forget scrubs a day after they were asked for."""

from __future__ import annotations

from datetime import datetime

from suppression.storage.engine.database import reading, writing
from suppression.storage.scrubs.rows import delete_scrub, list_expired_scrubs


def purge_scrubs(*, now: datetime) -> int:
    """Delete those older than a day, a transaction each; how many there were."""
    with reading() as transaction:
        old = list_expired_scrubs(transaction, now=now)
    for scrub_id in old:
        with writing() as transaction:
            delete_scrub(transaction, scrub_id)
    return len(old)
