"""The table of invitations to the console."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import UtcDateTime


class DbInvitation(Base):
    """An invitation, deleted 90 days after `ends_at`. `digest` is the hash of its secret."""

    __tablename__ = "invitations"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"), index=True)
    login: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(16))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    reference: Mapped[str] = mapped_column(String(32))
    invited_by: Mapped[int] = mapped_column(ForeignKey("console_users.number"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
