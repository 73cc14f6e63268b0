"""Tables of the DPO's register and of unclear SMS.

Names, identifiers, notes and messages of people are stored only encrypted.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime


class DbCase(Base):
    """A case of the DPO's register. `content` is encrypted under the case keys, NULL if deleted."""

    __tablename__ = "cases"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"))
    reference: Mapped[str] = mapped_column(String(14))
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(24))
    came_by: Mapped[str] = mapped_column(String(16))
    received_on: Mapped[date] = mapped_column(Date)
    first_due_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[str] = mapped_column(String(64))
    wanted: Mapped[str] = mapped_column(String(40))
    missing: Mapped[str] = mapped_column(String(40))
    stopped: Mapped[bool] = mapped_column(Boolean)
    extended_on: Mapped[date | None] = mapped_column(Date)
    answered_on: Mapped[date | None] = mapped_column(Date)
    recipients_told_on: Mapped[date | None] = mapped_column(Date)
    identity_asked_on: Mapped[date | None] = mapped_column(Date)
    proof_method: Mapped[str] = mapped_column(String(24))
    proof_seen_by: Mapped[str] = mapped_column(String(64))
    proof_seen_on: Mapped[date | None] = mapped_column(Date)
    proof_destroyed_by: Mapped[str] = mapped_column(String(64))
    proof_destroyed_on: Mapped[date | None] = mapped_column(Date)
    lifted_on: Mapped[date | None] = mapped_column(Date)
    ground: Mapped[str] = mapped_column(String(24))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(None, "controller_number", "reference", unique=True),
        Index(None, "controller_number", "state", "due_on"),
    )


class DbCaseEvent(Base):
    """A line of a case's timeline: who, what, when. Insert-only; holds no free text."""

    __tablename__ = "case_events"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_number: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(24))


class DbCaseNote(Base):
    """A user's note on a step of a case, encrypted, and deleted with the case's content."""

    __tablename__ = "case_notes"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_number: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(24))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DbCaseStop(Base):
    """A link from a case to a suppression that it made or repeated, by the random record id."""

    __tablename__ = "case_stops"

    case_number: Mapped[int] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    record_id: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)

    __table_args__ = (Index(None, "record_id"),)


class DbRegisterSettings(Base):
    """A controller's settings of the register.

    `keep_months`: how long the content of closed cases is stored. `other_systems`: further systems
    to search when a person asks for access, one per line. `signature` ends every letter.
    """

    __tablename__ = "register_settings"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    keep_months: Mapped[int] = mapped_column(SmallInteger)
    other_systems: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(Text)


class DbAnswerText(Base):
    """A controller's own text of a letter, which replaces our default."""

    __tablename__ = "answer_texts"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    answer: Mapped[str] = mapped_column(String(24), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class DbUnclearMessage(Base):
    """An SMS that may mean stop. `content` is encrypted, and NULL once a user has decided."""

    __tablename__ = "unclear_messages"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(64))
    was_stop: Mapped[bool | None] = mapped_column(Boolean)
