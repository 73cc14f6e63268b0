"""The table of controllers' brands on the recipient pages."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base


class DbBrand(Base):
    """A controller's brand. A table of its own, because checks and calls do not need it."""

    __tablename__ = "brands"

    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True, autoincrement=False
    )
    colour: Mapped[str] = mapped_column(String(7))
    dpo_contact: Mapped[str] = mapped_column(String(120))
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    logo_type: Mapped[str] = mapped_column(String(32))
    resubscribe_url: Mapped[str] = mapped_column(String(200), server_default="")
