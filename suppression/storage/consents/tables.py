"""Tables of consents with their proof, and of the wordings that people agreed to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from suppression.domain.vocabulary import Channel, ConsentEnd, GivenBy, Purpose
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

CONSENT_KEY = ("fingerprint", "channel", "purpose", "topic", "given_at")


class DbConsentWording(Base):
    """A text that people agreed to, stored once per controller and shared by its consents."""

    __tablename__ = "consent_wordings"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    wording: Mapped[str] = mapped_column(Text)


class DbConsent(Base):
    """A consent with its proof. `ended_at` is set only if it ended early, before `until`."""

    __tablename__ = "consents"

    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    record_id: Mapped[bytes] = mapped_column(SixteenBytes, index=True)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    controller_number: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[Channel | None] = mapped_column(codes.CHANNEL, primary_key=True, nullable=False)
    purpose: Mapped[Purpose] = mapped_column(codes.PURPOSE, primary_key=True)
    topic: Mapped[str] = mapped_column(String(32), primary_key=True)
    ended_by: Mapped[ConsentEnd | None] = mapped_column(codes.CONSENT_END, nullable=False)
    given_by: Mapped[GivenBy] = mapped_column(codes.GIVEN_BY)
    source: Mapped[str] = mapped_column(String(64))
    proof_ref: Mapped[str] = mapped_column(String(64))
    collected_by: Mapped[str] = mapped_column(String(64))
    wording_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        ForeignKeyConstraint(
            ["controller_number", "wording_digest"],
            ["consent_wordings.controller_number", "consent_wordings.digest"],
        ),
        Index(
            "ix_consents_ending",
            "until",
            postgresql_where=text("announced_at IS NULL AND ended_at IS NULL"),
            sqlite_where=text("announced_at IS NULL AND ended_at IS NULL"),
        ),
        Index(
            "ix_consents_until",
            "until",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_consents_ended",
            "ended_at",
            postgresql_where=text("ended_at IS NOT NULL"),
            sqlite_where=text("ended_at IS NOT NULL"),
        ),
        Index("ix_consents_given", "controller_number", "given_at"),
    )
