"""Tables of the service itself: its probes, and the code that may run on the schema."""

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


class DbSchemaFloor(Base):
    """The oldest code that may run on the schema, by its newest migration's number: one row.

    Migrations store it (migrations/env.py). It is kept as long as the schema.
    """

    __tablename__ = "schema_floor"

    oldest_code: Mapped[str] = mapped_column(String(4), primary_key=True)
