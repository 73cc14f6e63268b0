"""Parse what rows of stops and rows of consents share: identifiers, channels and topics.

Cells are keyed by our column names. No error message repeats the text of a cell.
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
"""Columns with a hashed identifier, and the suffix that the algorithm adds to a scheme's name."""
_NO_REGION = "ZZ"
"""The region for a row whose country we do not know: only international numbers are parsed."""
_WHOSE = "Write the country as two letters, like BE, or the number with + and its country code."


class RowError(Exception):
    """A row that cannot be stored: a reason code, our name of the column, and what to change."""

    def __init__(self, reason: str, column: str, change: str) -> None:
        """Store the code, the column and the advice; none of them may repeat a cell of the row."""
        super().__init__(reason)
        self.reason, self.column, self.change = reason, column, change

    def at_row(self, number: int) -> RowFault:
        """Return this error as the fault of the row with this number."""
        return RowFault(number, self.column, self.reason, self.change)


class RowIdentifier(NamedTuple):
    """An identifier, its kind, and our name of the column that an error about it names."""

    kind: Kind
    value: Value
    column: str


def check_readable(row: Row) -> None:
    """Raise RowError for a row that could not be split into cells."""
    if row.fault:
        raise RowError(row.fault, "", "Mend the quotes, and quote cells that hold a delimiter.")


def identifiers_of(
    cells: Mapping[str, str], *, kind: Kind | None = None, scheme: str = "plain"
) -> Iterator[RowIdentifier]:
    """Yield every identifier of a row: e-mail, phone, postal address, then digests.

    `kind` and `scheme` are those of the digests; the column of a digest adds its algorithm to
    `scheme`. If `kind` is None, digests are left out.
    """
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
    """Return the code of the country that a row states; None if it states none that we know."""
    return country_of(cells["country"]) if "country" in cells else None


def region_of(kind: Kind, cells: Mapping[str, str], default: str) -> str:
    """Return the country by which to parse a row's identifier: the row's own, else `default`.

    For a phone number in a row with an unknown country, return `ZZ`: only international numbers are
    parsed then, because a national number might be another person's.
    """
    if kind is Kind.PHONE and _is_country_unknown(cells):
        return _NO_REGION
    return country_of_row(cells) or default


def unreadable(
    identifier: RowIdentifier, cells: Mapping[str, str], error: IdentifierParseError
) -> RowError:
    """Return the RowError for an identifier that cannot be parsed: which column, what to change."""
    if (
        identifier.kind is Kind.PHONE
        and not isinstance(identifier.value, Digest)
        and _is_country_unknown(cells)
    ):
        return RowError("identifier_unreadable", "country", _WHOSE)
    return RowError("identifier_unreadable", identifier.column, error.detail)


def names_every_channel(cells: Mapping[str, str]) -> bool:
    """Return whether the row names all channels by a single word like "all"."""
    return normalize_words(cells.get("channels", "")) in EVERY_CHANNEL


def parse_channels(cells: Mapping[str, str]) -> tuple[Channel, ...] | None:
    """Return a row's channels; None for an empty or absent cell.

    Raises RowError for an unknown word, or for a cell without any word.
    """
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
    """Return the RowError for a row whose channels are missing or cannot be understood."""
    change = "Name channels, like email, sms, telephone, post; or all."
    return RowError("channels_unknown", "channels", change)


def check_channels_fit(channels: Iterable[Channel], kinds: Collection[Kind]) -> None:
    """Raise RowError if a channel needs a kind of identifier that the row lacks."""
    for channel in channels:
        if channel.kind not in kinds:
            column = IDENTIFIER_COLUMN[channel.kind]
            raise RowError("identifier_missing", column, f"Channel {channel} needs this.")


def split_topics(text: str) -> list[str]:
    """Return the topics in a cell, in order; blanks, commas, semicolons and bars separate them."""
    return [topic for topic in re.split(r"[\s,;|]+", text) if topic]


def row_scopes(coverage: RequestedScope, kind: Kind, topics: list[str]) -> tuple[Scope, ...]:
    """Return the scopes of a row's identifier: one per channel of `coverage` and topic.

    A purpose without channels has one scope. Without `topics`, a scope is for all topics. Raises
    RowError for topics that do not fit the purpose, ChannelMismatchError if `coverage` names a
    channel that does not take this kind.
    """
    try:
        return scopes_of_one(coverage, kind, topics)
    except InvalidValueError as error:
        raise RowError("topic_unknown", "topics", error.faults[0].detail) from None


def _is_country_unknown(cells: Mapping[str, str]) -> bool:
    return "country" in cells and country_of_row(cells) is None
