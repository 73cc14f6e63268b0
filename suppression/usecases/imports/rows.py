"""What rows of stops and rows of consents have in common: identifiers, channels, topics, errors.

Cells go by our names of columns. No error repeats what stands in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from suppression.adapters.files.cell_values import IDENTIFIER_COLUMN, address_of, country_of
from suppression.adapters.files.column_names import normalize_words
from suppression.adapters.files.records import Row
from suppression.domain.errors import IdentifierParseError, InvalidValueError
from suppression.domain.identifiers.match_keys import Digest, Value
from suppression.domain.imports.model import RowFault
from suppression.domain.imports.vocabulary import CHANNEL_OF_WORD, EVERY_CHANNEL
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope, scopes_of_one
from suppression.domain.vocabulary import Channel, Kind

ALL_CHANNELS = tuple(Channel)
DATE_FORMATS = "Write a date like 2025-12-31, 31/12/2025 or 31/12/2025 14:30."
DIGEST_COLUMNS = {"sha256": "", "md5": ":md5", "sha1": ":sha1"}
"""Columns that hold an identifier hashed, with what their algorithm adds to a scheme's name."""
_NO_REGION = "ZZ"
"""Reads international writings alone: for a row whose country we do not know."""
_WHOSE = "Write the country as two letters, like BE, or the number with + and its country code."


class RowError(Exception):
    """A row of which nothing is stored: a code, our name of a column, and what to change."""

    def __init__(self, reason: str, column: str, change: str) -> None:
        """None of them holds what stands in the row."""
        super().__init__(reason)
        self.reason, self.column, self.change = reason, column, change

    def at_row(self, number: int) -> RowFault:
        """Return the fault of the row of this number."""
        return RowFault(number, self.column, self.reason, self.change)


class RowIdentifier(NamedTuple):
    """An identifier and the column that it stands in."""

    kind: Kind
    value: Value
    column: str


def check_readable(row: Row) -> None:
    """Raise RowError for a row whose cells could not be told apart."""
    if row.fault:
        raise RowError(row.fault, "", "Mend the quotes, and quote cells that hold a delimiter.")


def identifiers_of(
    cells: Mapping[str, str], *, kind: Kind | None = None, scheme: str = "plain"
) -> Iterator[RowIdentifier]:
    """Yield every identifier of a row; `kind` and `scheme` are those of its digests."""
    if "email" in cells:
        yield RowIdentifier(Kind.EMAIL, cells["email"], "email")
    if "phone" in cells:
        yield RowIdentifier(Kind.PHONE, cells["phone"], "phone")
    if "street" in cells or "line1" in cells:
        yield RowIdentifier(Kind.POSTAL, address_of(cells), "street")
    if kind is not None:
        for column, algorithm in DIGEST_COLUMNS.items():
            if column in cells:
                digest = Digest(text=cells[column], scheme=scheme + algorithm)
                yield RowIdentifier(kind, digest, column)


def country_of_row(cells: Mapping[str, str]) -> str | None:
    """Return the row's country, by code or by name, where the row writes one."""
    return country_of(cells["country"]) if "country" in cells else None


def region_of(kind: Kind, cells: Mapping[str, str], default: str) -> str:
    """Return the region in which to read an identifier of a row; `default` for no country.

    A phone whose row writes a country that we do not know is read as an international number
    only: read as one of ours, it might be another person's.
    """
    if kind is Kind.PHONE and _is_country_unknown(cells):
        return _NO_REGION
    return country_of_row(cells) or default


def unreadable(
    identifier: RowIdentifier, cells: Mapping[str, str], error: IdentifierParseError
) -> RowError:
    """Return the error of an identifier that cannot be parsed: what to change, and where."""
    if (
        identifier.kind is Kind.PHONE
        and not isinstance(identifier.value, Digest)
        and _is_country_unknown(cells)
    ):
        return RowError("identifier_unreadable", "country", _WHOSE)
    return RowError("identifier_unreadable", identifier.column, error.detail)


def names_every_channel(cells: Mapping[str, str]) -> bool:
    """Return whether the row names all channels by one word."""
    return normalize_words(cells.get("channels", "")) in EVERY_CHANNEL


def parse_channels(cells: Mapping[str, str]) -> tuple[Channel, ...] | None:
    """Return the channels of a row; None if it names none. Raises RowError for other words."""
    written = cells.get("channels", "")
    if not written:
        return None
    if names_every_channel(cells):
        return ALL_CHANNELS
    words = [normalize_words(word) for word in re.split(r"[,;|+/]", written) if word.strip()]
    if not words or not set(words) <= CHANNEL_OF_WORD.keys():
        raise unknown_channels()
    return tuple(CHANNEL_OF_WORD[word] for word in words)


def unknown_channels() -> RowError:
    """Return the error of a row whose channels are missing or cannot be understood."""
    change = "Name channels, like email, sms, telephone, post; or all."
    return RowError("channels_unknown", "channels", change)


def check_channels_fit(channels: Iterable[Channel], kinds: Collection[Kind]) -> None:
    """Raise RowError if one of these channels has no identifier among a row's kinds."""
    for channel in channels:
        if channel.kind not in kinds:
            column = IDENTIFIER_COLUMN[channel.kind]
            raise RowError("identifier_missing", column, f"Channel {channel} needs this.")


def split_topics(text: str) -> list[str]:
    """Return the topics that a cell names, parted by spaces, commas, semicolons or bars."""
    return [topic for topic in re.split(r"[\s,;|]+", text) if topic]


def row_scopes(coverage: RequestedScope, kind: Kind, topics: list[str]) -> tuple[Scope, ...]:
    """Return the scopes of one identifier of a row. Raises RowError for topics that cannot be."""
    try:
        return scopes_of_one(coverage, kind, topics)
    except InvalidValueError as error:
        raise RowError("topic_unknown", "topics", error.faults[0].detail) from None


def _is_country_unknown(cells: Mapping[str, str]) -> bool:
    return "country" in cells and country_of_row(cells) is None
