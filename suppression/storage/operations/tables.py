"""The table of the service's probes of itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import UtcDateTime


class DbWatch(Base):
    """The last run of a probe: when it ran, its result, and when the probe last passed."""

    __tablename__ = "watches"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)
    passed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(String(32))
