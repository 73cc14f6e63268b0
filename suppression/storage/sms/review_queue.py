"""SMS that may mean stop: encrypted until a user decides, then stored without content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, insert, select, update

from suppression.domain.controllers.model import Controller
from suppression.storage.cases.tables import DbUnclearMessage
from suppression.storage.engine.database import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredMessage:
    """An undecided message as stored, with its content encrypted."""

    number: int
    received_at: datetime
    content: bytes = field(repr=False)


def add_message(
    transaction: Transaction, controller: Controller, *, received_at: datetime, content: bytes
) -> None:
    """Store an undecided message; `content` is encrypted already."""
    transaction.execute(
        insert(DbUnclearMessage).values(
            controller_number=controller.number,
            received_at=received_at,
            content=content,
            decided_by="",
        )
    )


def list_undecided(
    transaction: Transaction, controller: Controller, *, only: int | None = None
) -> list[StoredMessage]:
    """Return a controller's undecided messages, oldest first.

    With `only`, a message's number, lock and return that message alone, if it is undecided.
    """
    statement = (
        select(DbUnclearMessage)
        .where(
            DbUnclearMessage.controller_number == controller.number,
            DbUnclearMessage.decided_at.is_(None),
        )
        .order_by(DbUnclearMessage.number)
    )
    if only is not None:
        statement = statement.where(DbUnclearMessage.number == only).with_for_update()
    return [
        StoredMessage(number=row.number, received_at=row.received_at, content=row.content)
        for row in transaction.execute(statement)
    ]


def count_undecided(transaction: Transaction, controller: Controller) -> int:
    """Return how many of a controller's messages are undecided."""
    statement = select(func.count()).where(
        DbUnclearMessage.controller_number == controller.number,
        DbUnclearMessage.decided_at.is_(None),
    )
    return transaction.execute(statement).scalar_one()


def mark_decided(
    transaction: Transaction, number: int, *, was_stop: bool, actor: str, now: datetime
) -> None:
    """Store whether a message was a stop, as `actor` decided; delete its content."""
    values = {"content": None, "decided_at": now, "decided_by": actor, "was_stop": was_stop}
    condition = DbUnclearMessage.number == number
    transaction.execute(update(DbUnclearMessage).where(condition).values(values))
