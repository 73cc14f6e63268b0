"""Column types that store the same domain values on PostgreSQL and on SQLite."""

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
    """A column of 16 raw bytes: `uuid` on PostgreSQL, BLOB on SQLite.

    A `uuid` takes less space in a table and its indexes than a bytea of 16 bytes.
    """

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the dialect's own column type."""
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(Uuid(as_uuid=True) if native else LargeBinary(16))

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> UUID | bytes | None:
        """Convert 16 bytes to the value that the driver takes; return None for None."""
        if value is None or dialect.name != "postgresql":
            return value
        return UUID(bytes=bytes(value))

    def process_result_value(self, value: UUID | bytes | None, dialect: Dialect) -> bytes | None:
        """Convert the driver's value to 16 bytes; return None for None."""
        del dialect
        return value.bytes if isinstance(value, UUID) else value


class UtcDateTime(TypeDecorator[datetime]):
    """A column of datetimes in UTC, always aware; SQLite stores them without the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware datetime to UTC, None to None; raise ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its time zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored datetime as an aware one in UTC; None for None."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def to_datetime(value: datetime | str) -> datetime:
    """Convert a raw driver timestamp to an aware UTC datetime.

    Statements without column types return raw timestamps: aware datetimes on PostgreSQL; on SQLite
    ISO text, which is in UTC and has no offset.
    """
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


class EnumCode(TypeDecorator[Word], Generic[Word]):
    """A column of vocabulary words, stored as codes of one or two letters; None is stored as ''.

    Codes keep rows and their keys smaller than whole words would, and '' rather than NULL keeps
    duplicates out of unique keys.
    """

    impl = String(2)
    cache_ok = True

    def __init__(self, codes: Mapping[Word, str]) -> None:
        """Map each word to its code in `codes`. A code that rows use must never change."""
        super().__init__()
        self.codes = tuple(codes.items())
        self._code_of_word = dict(codes)
        self._word_of_code = {code: word for word, code in codes.items()}

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> str:
        """Convert a word to its code, as `encode` does."""
        del dialect
        return self.encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Word | None:
        """Convert a stored code to its word, '' to None; raise KeyError for an unknown code."""
        del dialect
        return self._word_of_code[value] if value else None

    def encode(self, word: Word | None) -> str:
        """Return the code of a word, '' for None; raise KeyError for a word without a code."""
        return "" if word is None else self._code_of_word[word]

    def decode(self, value: str) -> Word | None:
        """Return the word of a code, None for ''; raise KeyError for an unknown code."""
        return self._word_of_code[value] if value else None

    def decode_required(self, value: str) -> Word:
        """Return the word of a code; raise KeyError for '' or an unknown code."""
        return self._word_of_code[value]


def uuid_array(fingerprints: Sequence[Fingerprint]) -> str:
    """Return fingerprints in PostgreSQL's notation of an array of uuids, `{0a..,0b..}`.

    Raise ValueError if their total length is not 16 bytes times their number.
    """
    joined = b"".join(fingerprints)
    if len(joined) != len(fingerprints) * FINGERPRINT_BYTES:  # all later uuids are wrong
        raise ValueError("a fingerprint is 16 bytes long")
    return "{" + joined.hex(",", FINGERPRINT_BYTES) + "}"
