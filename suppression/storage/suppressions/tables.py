"""Tables of suppressions and of their match keys, which checks look up by fingerprint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from suppression.domain.vocabulary import Channel, Evidence, Purpose, Reason
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime

ROW_KEY = ("fingerprint", "channel", "purpose", "topic", "reason", "source")
FORM_KEY = ("primary_fingerprint", "channel", "purpose", "topic", "reason", "source")
OF_CASES = text("source LIKE 'case:%'")
"""SQL condition for the suppressions that cases made; only these are indexed by record id."""


class DbSuppression(Base):
    """A suppression under its primary fingerprint."""

    __tablename__ = "suppressions"

    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    record_id: Mapped[bytes] = mapped_column(SixteenBytes)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    consents_void_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    controller_number: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[Channel | None] = mapped_column(codes.CHANNEL, primary_key=True, nullable=False)
    purpose: Mapped[Purpose | None] = mapped_column(codes.PURPOSE, primary_key=True, nullable=False)
    topic: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[Reason] = mapped_column(codes.REASON, primary_key=True)
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    evidence: Mapped[Evidence] = mapped_column(codes.EVIDENCE)
    canonicalisation: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        Index(
            "ix_suppressions_record_id_of_cases",
            "record_id",
            postgresql_where=OF_CASES,
            sqlite_where=OF_CASES,
        ),
    )


class DbSuppressionForm(Base):
    """A further match key of the suppression under `primary_fingerprint`."""

    __tablename__ = "suppression_forms"

    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    primary_fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    channel: Mapped[Channel | None] = mapped_column(codes.CHANNEL, primary_key=True, nullable=False)
    purpose: Mapped[Purpose | None] = mapped_column(codes.PURPOSE, primary_key=True, nullable=False)
    topic: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[Reason] = mapped_column(codes.REASON, primary_key=True)
    source: Mapped[str] = mapped_column(String(64), primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(
            FORM_KEY,
            [f"suppressions.{name}" for name in ROW_KEY],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index(None, "primary_fingerprint"),
    )
