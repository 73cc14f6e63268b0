"""The table of the append-only ledger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from suppression.domain.vocabulary import (
    Channel,
    EntryType,
    Evidence,
    Purpose,
    Reason,
    ReleaseWhy,
)
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime


class DbLedgerEntry(Base):
    """A ledger entry: what was done, when, by whom. No fingerprint; triggers refuse any change."""

    __tablename__ = "ledger_entries"

    entry_id: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    record_id: Mapped[bytes | None] = mapped_column(SixteenBytes)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"))
    type: Mapped[EntryType] = mapped_column(codes.ENTRY_TYPE)
    channel: Mapped[Channel | None] = mapped_column(codes.CHANNEL, nullable=False)
    purpose: Mapped[Purpose | None] = mapped_column(codes.PURPOSE, nullable=False)
    topic: Mapped[str] = mapped_column(String(32))
    reason: Mapped[Reason | None] = mapped_column(codes.REASON, nullable=False)
    source: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[Evidence | None] = mapped_column(codes.EVIDENCE, nullable=False)
    client_class: Mapped[str] = mapped_column(String(16))
    why: Mapped[ReleaseWhy | None] = mapped_column(codes.RELEASE_WHY, nullable=False)
    actor: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(32))
    ref: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    __table_args__ = (Index(None, "record_id"),)
