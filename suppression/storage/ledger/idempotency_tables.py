"""The table of responses stored by Idempotency-Key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import UtcDateTime


class DbIdempotentAnswer(Base):
    """The response that a repeated Idempotency-Key gets. `claim` is a keyed digest of the key."""

    __tablename__ = "idempotent_answers"

    api_key_number: Mapped[int] = mapped_column(ForeignKey("api_keys.number"), primary_key=True)
    claim: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    body_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
