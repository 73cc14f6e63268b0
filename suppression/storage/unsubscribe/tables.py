"""Tables of confirmation pages, and of requests that a user of the console should review."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime


class DbConfirmation(Base):
    """A confirmation page, by the hash of its code. Deleted after 30 days; the stop is not."""

    __tablename__ = "confirmations"

    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"))
    reference: Mapped[str] = mapped_column(String(32))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped: Mapped[str] = mapped_column(Text)
    opened: Mapped[str] = mapped_column(Text)
    record_id: Mapped[bytes | None] = mapped_column(SixteenBytes)
    fingerprint: Mapped[bytes | None] = mapped_column(SixteenBytes)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DbReview(Base):
    """A request that a user of the console should review; `why` is a code for the reason."""

    __tablename__ = "reviews"

    reference: Mapped[str] = mapped_column(String(32), primary_key=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"), index=True)
    why: Mapped[str] = mapped_column(String(32))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
