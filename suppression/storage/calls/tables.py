"""Tables of called numbers and their call events. Their keys begin with a fingerprint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from suppression.domain.vocabulary import Channel, ContactEvent
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

ARE_AGREED_TIMES = text("type = 'b'")
"""SQL condition for the call events that are agreed times; only these are indexed by date."""


class DbContact(Base):
    """A called number. Recording a call locks its row; `record_id` names it in the ledger."""

    __tablename__ = "contacts"

    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    channel: Mapped[Channel] = mapped_column(codes.CHANNEL, primary_key=True)
    record_id: Mapped[bytes] = mapped_column(SixteenBytes)
    controller_number: Mapped[int] = mapped_column(SmallInteger)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class DbContactEvent(Base):
    """A call event; `at` is the date of an attempt or refusal, or the time agreed for a call.

    `agreed_at` is when the person agreed to a time, no later than `recorded_at`. It is NULL for all
    other events, and for times recorded by code from before migration 0017, for which `recorded_at`
    counts instead.
    """

    __tablename__ = "contact_events"

    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    event_id: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channel: Mapped[Channel] = mapped_column(codes.CHANNEL, primary_key=True)
    type: Mapped[ContactEvent] = mapped_column(codes.CONTACT_EVENT)

    __table_args__ = (
        ForeignKeyConstraint(
            ["fingerprint", "channel"],
            ["contacts.fingerprint", "contacts.channel"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index(
            "ix_contact_events_agreed",
            "recorded_at",
            postgresql_where=ARE_AGREED_TIMES,
            sqlite_where=ARE_AGREED_TIMES,
        ),
    )
