"""Tables of policies and their versions, and of the check values of the configured keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from suppression.domain.vocabulary import Channel, Purpose, Rule
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import UtcDateTime


class DbPolicy(Base):
    """A policy as code from before migration 0005 reads it.

    Rows are written until a migration drops the table.
    """

    __tablename__ = "policies"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    channel: Mapped[Channel | None] = mapped_column(codes.CHANNEL, primary_key=True, nullable=False)
    purpose: Mapped[Purpose] = mapped_column(codes.PURPOSE, primary_key=True)
    rule: Mapped[Rule] = mapped_column(codes.RULE)
    attestable: Mapped[str] = mapped_column(String(80))


class DbPolicyVersion(Base):
    """All policies of a controller, as one document; the newest version counts. Insert-only."""

    __tablename__ = "policy_versions"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(64))


class DbKeyCheck(Base):
    """The check value of a master, signing or case key (`kind`).

    The service does not start if the key is missing from its settings or is another one.
    """

    __tablename__ = "key_checks"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    check_value: Mapped[bytes] = mapped_column(LargeBinary(16))
