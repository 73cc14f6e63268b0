"""Tables of controllers, their topics, policies and API keys, and of key checks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from suppression.domain.vocabulary import Channel, Purpose, Rule
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import UtcDateTime

_NUMBER = SmallInteger().with_variant(Integer, "sqlite")


class DbController(Base):
    """A controller. Link tokens hold its number, keys its slug: neither ever changes."""

    __tablename__ = "controllers"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    slug: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    preset: Mapped[str] = mapped_column(String(32))
    schemes: Mapped[str] = mapped_column(String(200), server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DbTopic(Base):
    """A topic that a controller sends messages about."""

    __tablename__ = "topics"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    slug: Mapped[str] = mapped_column(String(32))
    name_fr: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))

    __table_args__ = (UniqueConstraint("controller_number", "slug"),)


class DbPolicy(Base):
    """A policy as code from before migration 0005 reads it. Updated until a migration drops it."""

    __tablename__ = "policies"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    channel: Mapped[Channel | None] = mapped_column(codes.CHANNEL, primary_key=True, nullable=False)
    purpose: Mapped[Purpose] = mapped_column(codes.PURPOSE, primary_key=True)
    rule: Mapped[Rule] = mapped_column(codes.RULE)
    attestable: Mapped[str] = mapped_column(String(80))


class DbPolicyVersion(Base):
    """All policies of a controller as one document; the newest version is in force. Insert-only."""

    __tablename__ = "policy_versions"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(64))


class DbApiKey(Base):
    """An API key: its SHA-256, its scopes, and since when it is revoked.

    `later_scopes` holds the scopes that code from before migration 0013 does not know.
    """

    __tablename__ = "api_keys"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    hint: Mapped[str] = mapped_column(String(16))
    scopes: Mapped[str] = mapped_column(String(120))
    later_scopes: Mapped[str] = mapped_column(String(120), server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DbKeyCheck(Base):
    """A check value of a key, by which a start with missing or different keys is refused."""

    __tablename__ = "key_checks"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    check_value: Mapped[bytes] = mapped_column(LargeBinary(16))
