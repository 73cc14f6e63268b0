"""Tables of imports: the stops of a file, staged as fingerprints until they are applied.

Staged rows have no foreign key: checking it would cost as much as inserting them.
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
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import SixteenBytes, UtcDateTime


class DbImport(Base):
    """An import. `digest`: a keyed digest of the file; where it is NULL, the file may be imported.

    It is NULL until the file is staged, and again once the import was discarded, has failed, or is
    to be undone. An import that is applied again after it failed stays without a digest.
    `upload_end`: why an upload never became an import. `position`: the number of the last applied
    stop. `kept`: 1 until the staged stops are known to be deleted, then 0.
    """

    __tablename__ = "imports"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    import_id: Mapped[str] = mapped_column(String(IMPORT_ID_LENGTH), unique=True)
    controller_number: Mapped[int] = mapped_column(ForeignKey("controllers.number"))
    state: Mapped[ImportState] = mapped_column(codes.IMPORT_STATE)
    actor: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    terms_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    upload_end: Mapped[UploadEnd | None] = mapped_column(codes.UPLOAD_END)
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
    """A staged stop: the values of its future suppression and ledger entry that vary by stop.

    `number` counts the stops of an import from 1; `file_row` is the row number in a spreadsheet.
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
    channel: Mapped[Channel | None] = mapped_column(codes.CHANNEL, nullable=False)
    purpose: Mapped[Purpose | None] = mapped_column(codes.PURPOSE, nullable=False)
    topic: Mapped[str] = mapped_column(String(32))
    reason: Mapped[Reason] = mapped_column(codes.REASON)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))


class DbImportForm(Base):
    """A further match key of a staged stop's identifier."""

    __tablename__ = "import_forms"

    import_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fingerprint: Mapped[bytes] = mapped_column(SixteenBytes, primary_key=True)


class DbImportFault(Base):
    """An invalid row of a file: where it is and what to change, never its content."""

    __tablename__ = "import_faults"

    import_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    file_row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    column_name: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(32))
    change: Mapped[str] = mapped_column(String(300))
