"""Tables of called numbers and of earlier calls. Their keys begin with a fingerprint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKeyConstraint,
    LargeBinary,
    SmallInteger,
)
from sqlalchemy.orm import Mapped, mapped_column

from suppression.domain.vocabulary import Channel, ContactEvent
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime


class DbContact(Base):
    """A called number; who records a call locks its row. `record_id` names it in the ledger."""

    __tablename__ = "contacts"

    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    channel: Mapped[Channel] = mapped_column(codes.CHANNEL, primary_key=True)
    record_id: Mapped[bytes] = mapped_column(SixteenBytes)
    controller_number: Mapped[int] = mapped_column(SmallInteger)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class DbContactEvent(Base):
    """A call event: `at` is when the attempt or refusal was, or the time agreed for a call."""

    __tablename__ = "contact_events"

    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    event_id: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[Channel] = mapped_column(codes.CHANNEL, primary_key=True)
    type: Mapped[ContactEvent] = mapped_column(codes.CONTACT_EVENT)

    __table_args__ = (
        ForeignKeyConstraint(
            ["fingerprint", "channel"],
            ["contacts.fingerprint", "contacts.channel"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
    )
