"""Tables of scrubs: verdicts by line number in the file, without identifier or fingerprint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime


class DbScrub(Base):
    """A scrub of a contact file. `summary` is NULL until the file was read to its end."""

    __tablename__ = "scrubs"

    scrub_id: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"))
    as_of: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    rows: Mapped[int] = mapped_column(BigInteger)
    summary: Mapped[str | None] = mapped_column(Text)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DbScrubChunk(Base):
    """The verdicts of some thousand rows of a scrub, packed (suppression.domain.checks.scrubs)."""

    __tablename__ = "scrub_chunks"

    scrub_id: Mapped[bytes] = mapped_column(
        SixteenBytes, ForeignKey("scrubs.scrub_id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verdicts: Mapped[bytes] = mapped_column(LargeBinary)
