"""How domain values stand in columns, the same on PostgreSQL and SQLite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Dialect, LargeBinary, String, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

from suppression.domain.identifiers.fingerprints import FINGERPRINT_BYTES, Fingerprint

Word = TypeVar("Word", bound=StrEnum)


class SixteenBytes(TypeDecorator[bytes]):
    """16 raw bytes: `uuid` on PostgreSQL (half the size of an indexed bytea), BLOB on SQLite."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's own type."""
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(Uuid(as_uuid=True) if native else LargeBinary(16))

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> UUID | bytes | None:
        """Bytes to what the driver takes."""
        if value is None or dialect.name != "postgresql":
            return value
        return UUID(bytes=bytes(value))

    def process_result_value(self, value: UUID | bytes | None, dialect: Dialect) -> bytes | None:
        """What the driver gives to bytes."""
        del dialect
        return value.bytes if isinstance(value, UUID) else value


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone: it goes in naive and comes out aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def to_datetime(value: datetime | str) -> datetime:
    """What a driver gives for a moment, where no column type stands between: SQLite gives text."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


class EnumCode(TypeDecorator[Word], Generic[Word]):
    """A word of the vocabulary as one or two letters; None, where it does not apply, as ''.

    Ten million rows and their keys stay a third smaller than with the words written out, and ''
    rather than NULL keeps duplicates out of unique keys.
    """

    impl = String(2)
    cache_ok = True

    def __init__(self, letters: Mapping[Word, str]) -> None:
        """`letters` maps each word to its letters, which never change once stored."""
        super().__init__()
        self.letters = tuple(letters.items())
        self._written = dict(letters)
        self._read = {letter: word for word, letter in letters.items()}

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> str:
        """A word to its letters."""
        del dialect
        return "" if value is None else self._written[value]

    def process_result_value(self, value: str | None, dialect: Dialect) -> Word | None:
        """Letters to the word."""
        del dialect
        return self.decode(value) if value else None

    def decode(self, value: str) -> Word | None:
        """The word of these letters; None for ''."""
        return self._read[value] if value else None

    def decode_required(self, value: str) -> Word:
        """The word of letters that are never ''."""
        return self._read[value]


def uuid_array(fingerprints: Sequence[Fingerprint]) -> str:
    """Return PostgreSQL's notation of an array of uuids, `{0a..,0b..}`.

    ValueError if they are not 16 bytes each, all in all.
    """
    joined = b"".join(fingerprints)
    if len(joined) != len(fingerprints) * FINGERPRINT_BYTES:  # it would make all of them others
        raise ValueError("a fingerprint is 16 bytes long")
    return "{" + joined.hex(",", FINGERPRINT_BYTES) + "}"
