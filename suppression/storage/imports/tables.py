"""Tables of imports: what a file brought, staged as fingerprints until it is applied.

The staged rows have no foreign key: checking it for each would cost as much as writing them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from suppression.domain.imports.model import IMPORT_ID_LENGTH, ImportState, UploadEnd
from suppression.domain.vocabulary import Channel, Purpose, Reason
from suppression.storage.engine import enum_codes as letters
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime


class DbImport(Base):
    """An import. `digest` is keyed, of the file's bytes; NULL when nothing of it holds any more.

    `upload_end` says of an upload that never became an import why.
    `position`: the last staged stop that was applied. `kept`: staged stops may still be there.
    """

    __tablename__ = "imports"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    import_id: Mapped[str] = mapped_column(String(IMPORT_ID_LENGTH), unique=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"))
    state: Mapped[ImportState] = mapped_column(letters.IMPORT_STATE)
    actor: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    terms_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    upload_end: Mapped[UploadEnd | None] = mapped_column(letters.UPLOAD_END)
    columns: Mapped[str] = mapped_column(Text)
    schemes: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int] = mapped_column(Integer)
    new_rows: Mapped[int] = mapped_column(Integer)
    known_rows: Mapped[int] = mapped_column(Integer)
    invalid_rows: Mapped[int] = mapped_column(Integer)
    stops: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    released: Mapped[int] = mapped_column(Integer)
    kept: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("controller_number", "digest"),
        Index(None, "state"),
    )


class DbImportRow(Base):
    """A staged stop: the whole row of the list that it will become, but for controller and source.

    `number` counts the stops of an import from 1; `file_row` is the row as a spreadsheet counts.
    """

    __tablename__ = "import_rows"

    import_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes)
    record_id: Mapped[bytes] = mapped_column(SixteenBytes)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_row: Mapped[int] = mapped_column(Integer)
    canonicalisation: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[Channel | None] = mapped_column(letters.CHANNEL, nullable=False)
    purpose: Mapped[Purpose | None] = mapped_column(letters.PURPOSE, nullable=False)
    topic: Mapped[str] = mapped_column(String(32))
    reason: Mapped[Reason] = mapped_column(letters.REASON)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))


class DbImportForm(Base):
    """A further form of a staged stop's identifier."""

    __tablename__ = "import_forms"

    import_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)


class DbImportFault(Base):
    """A row of which nothing is taken: where and what to change, never what stands there."""

    __tablename__ = "import_faults"

    import_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    file_row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    column_name: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(32))
    change: Mapped[str] = mapped_column(String(300))
