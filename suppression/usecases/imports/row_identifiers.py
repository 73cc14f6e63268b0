"""The identifiers of a row of a file, by our names of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from suppression.adapters.files.cell_values import address_of, country_of
from suppression.domain.identifiers.match_keys import Digest, Value
from suppression.domain.vocabulary import Kind

NO_REGION = "ZZ"
"""Reads international writings alone: for a row whose country we do not know."""
WHOSE = "Write the country as two letters, like BE, or the number with + and its country code."
DIGEST_COLUMNS = {"sha256": "", "md5": ":md5", "sha1": ":sha1"}
"""Columns that hold an identifier hashed, with what their algorithm adds to a scheme's name."""


class RowIdentifier(NamedTuple):
    """An identifier and the column that it stands in."""

    kind: Kind
    value: Value
    column: str


def identifiers_of(
    cells: Mapping[str, str], *, kind: Kind | None = None, scheme: str = "plain"
) -> Iterator[RowIdentifier]:
    """Every identifier of a row; `kind` and `scheme` are those of its digests."""
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
    """The row's country, by code or by name, where it writes one."""
    return country_of(cells["country"]) if "country" in cells else None


def is_country_unknown(cells: Mapping[str, str]) -> bool:
    """Whether the row writes a country that we do not know: its numbers are not ours to read."""
    return "country" in cells and country_of_row(cells) is None
