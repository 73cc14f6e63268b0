"""Tables of controllers, their topics, brands and API keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import UtcDateTime

_NUMBER = SmallInteger().with_variant(Integer, "sqlite")


class DbController(Base):
    """A controller. Neither its number nor its slug may ever change.

    The number is in link tokens; the key of the controller's fingerprints is derived from the slug.
    """

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


class DbApiKey(Base):
    """An API key: its SHA-256, its scopes, and when it was revoked, if ever.

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


class DbBrand(Base):
    """The brand of a controller that has saved one, for its recipient pages."""

    __tablename__ = "brands"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True, autoincrement=False
    )
    colour: Mapped[str] = mapped_column(String(7))
    dpo_contact: Mapped[str] = mapped_column(String(120))
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    logo_type: Mapped[str] = mapped_column(String(32))
    resubscribe_url: Mapped[str] = mapped_column(String(200), server_default="")
