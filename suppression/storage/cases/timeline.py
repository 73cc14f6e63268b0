"""Insert-only timelines of cases, and notes, which are deleted with the case's content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from suppression.domain.cases.contents import TimelineEvent
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.storage.cases.tables import DbCase, DbCaseEvent, DbCaseNote
from suppression.storage.engine.database import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class EncryptedNote:
    """A note on a case as stored, with its content encrypted."""

    event: CaseEvent
    actor: str
    recorded_at: datetime
    content: bytes = field(repr=False)


def add_event(transaction: Transaction, number: int, event: TimelineEvent) -> None:
    """Append a line to the timeline of the case with this row number."""
    values = {
        "case_number": number,
        "recorded_at": event.recorded_at,
        "actor": event.actor,
        "event": event.event,
    }
    transaction.execute(insert(DbCaseEvent).values(values))


def list_events(transaction: Transaction, number: int) -> list[TimelineEvent]:
    """Return the timeline of the case with this row number, oldest first."""
    statement = (
        select(DbCaseEvent).where(DbCaseEvent.case_number == number).order_by(DbCaseEvent.number)
    )
    return [
        TimelineEvent(event=CaseEvent(row.event), actor=row.actor, recorded_at=row.recorded_at)
        for row in transaction.execute(statement)
    ]


def add_note(
    transaction: Transaction, number: int, event: TimelineEvent, *, content: bytes
) -> None:
    """Store a user's note on a step of the case with this row number; `content` is encrypted."""
    values = {
        "case_number": number,
        "recorded_at": event.recorded_at,
        "actor": event.actor,
        "event": event.event,
        "content": content,
    }
    transaction.execute(insert(DbCaseNote).values(values))


def list_notes(transaction: Transaction, number: int) -> list[EncryptedNote]:
    """Return the notes on the case with this row number, oldest first."""
    statement = (
        select(DbCaseNote).where(DbCaseNote.case_number == number).order_by(DbCaseNote.number)
    )
    return [
        EncryptedNote(
            event=CaseEvent(row.event),
            actor=row.actor,
            recorded_at=row.recorded_at,
            content=row.content,
        )
        for row in transaction.execute(statement)
    ]


def clear_content(transaction: Transaction, number: int, *, now: datetime) -> None:
    """Delete the content and notes of the case with this row number; record `now` as the time."""
    transaction.execute(delete(DbCaseNote).where(DbCaseNote.case_number == number))
    values = {"content": None, "forgotten_at": now}
    transaction.execute(update(DbCase).where(DbCase.number == number).values(values))
