"""SQL statements for scrubs and their chunks of results, which are deleted after a day."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from suppression.domain.checks.scrubs import Scrub
from suppression.domain.controllers.model import Controller
from suppression.domain.retention import SCRUBS_KEPT_FOR
from suppression.storage.engine.database import Transaction
from suppression.storage.scrubs.tables import DbScrub, DbScrubChunk


def begin_scrub(
    transaction: Transaction, controller: Controller, scrub_id: bytes, *, as_of: datetime
) -> None:
    """Insert a scrub, requested at `as_of`, whose file is still being read."""
    values = {
        "scrub_id": scrub_id,
        "controller_number": controller.number,
        "as_of": as_of,
        "rows": 0,
    }
    transaction.execute(insert(DbScrub).values(values))


def add_chunk(transaction: Transaction, scrub_id: bytes, number: int, verdicts: bytes) -> None:
    """Insert the packed verdicts of a scrub's next rows as chunk `number`, from 0 up."""
    values = {"scrub_id": scrub_id, "number": number, "verdicts": verdicts}
    transaction.execute(insert(DbScrubChunk).values(values))


def end_scrub(transaction: Transaction, scrub: Scrub) -> None:
    """Record that the file was read to its end: from now on `load_scrub` returns the scrub."""
    own_row = DbScrub.scrub_id == scrub.scrub_id
    values = {
        "rows": scrub.rows,
        "summary": json.dumps(scrub.summary),
        "valid_until": scrub.valid_until,
    }
    transaction.execute(update(DbScrub).where(own_row).values(values))


def load_scrub(
    transaction: Transaction, controller: Controller, scrub_id: bytes, *, now: datetime
) -> Scrub | None:
    """Return a controller's scrub; None if unknown, not completed, or a day old or older."""
    row = transaction.execute(
        select(DbScrub).where(
            DbScrub.scrub_id == scrub_id,
            DbScrub.controller_number == controller.number,
            DbScrub.as_of > now - SCRUBS_KEPT_FOR,
            DbScrub.summary.is_not(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return Scrub(
        scrub_id=row.scrub_id,
        controller_number=row.controller_number,
        as_of=row.as_of,
        rows=row.rows,
        summary=json.loads(row.summary),
        valid_until=row.valid_until,
    )


def find_chunk(transaction: Transaction, scrub: Scrub, number: int) -> bytes | None:
    """Return the packed verdicts of chunk `number`, from 0 up; None after the last chunk."""
    return transaction.execute(
        select(DbScrubChunk.verdicts).where(
            DbScrubChunk.scrub_id == scrub.scrub_id, DbScrubChunk.number == number
        )
    ).scalar_one_or_none()


def delete_scrub(transaction: Transaction, scrub_id: bytes) -> None:
    """Delete a scrub and its chunks."""
    transaction.execute(delete(DbScrubChunk).where(DbScrubChunk.scrub_id == scrub_id))
    transaction.execute(delete(DbScrub).where(DbScrub.scrub_id == scrub_id))


def list_expired_scrubs(transaction: Transaction, *, now: datetime) -> list[bytes]:
    """Return the ids of all scrubs that are a day old or older, completed or not."""
    old = DbScrub.as_of <= now - SCRUBS_KEPT_FOR
    return list(transaction.execute(select(DbScrub.scrub_id).where(old)).scalars())
