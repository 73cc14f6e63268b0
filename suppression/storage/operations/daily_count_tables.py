"""Tables of daily counts: reopenings of a controller, service checks of an API key."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base


class DbReopeningCount(Base):
    """The number of reopenings per controller and day in the time zone of its country."""

    __tablename__ = "reopening_counts"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


class DbServiceCount(Base):
    """The number of identifiers that an API key checked for `service`, per day in UTC."""

    __tablename__ = "service_counts"

    key_number: Mapped[int] = mapped_column(
        ForeignKey("api_keys.number"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
