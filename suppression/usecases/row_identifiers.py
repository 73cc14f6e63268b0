"""The identifiers of a row of a file, by our names of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from suppression.domain.identifiers.forms import Digest, PostalAddress, Value
from suppression.domain.vocabulary import Kind

IDENTIFIER_COLUMN = {Kind.EMAIL: "email", Kind.PHONE: "phone", Kind.POSTAL: "street"}
DIGEST_COLUMNS = {"sha256": "", "md5": ":md5", "sha1": ":sha1"}
"""Columns that hold an identifier hashed, with what their algorithm adds to a scheme's name."""
_TWO_LETTERS = re.compile(r"[A-Z]{2}")


class Found(NamedTuple):
    """An identifier and the column that it stands in."""

    kind: Kind
    value: Value
    column: str


def identifiers_of(
    cells: Mapping[str, str], *, kind: Kind | None = None, scheme: str = "plain"
) -> Iterator[Found]:
    """Every identifier of a row; `kind` and `scheme` are those of its digests."""
    if "email" in cells:
        yield Found(Kind.EMAIL, cells["email"], "email")
    if "phone" in cells:
        yield Found(Kind.PHONE, cells["phone"], "phone")
    if "street" in cells or "line1" in cells:
        names = (cells.get("first_name", ""), cells.get("last_name", ""))
        name = cells.get("name") or " ".join(names).strip()
        yield Found(Kind.POSTAL, _address(name, cells), "street")
    if kind is not None:
        for column, algorithm in DIGEST_COLUMNS.items():
            if column in cells:
                digest = Digest(sha256=cells[column], scheme=scheme + algorithm)
                yield Found(kind, digest, column)


def country_of(cells: Mapping[str, str]) -> str | None:
    """The row's country, where it is written as two letters."""
    country = cells.get("country", "").upper()
    return country if _TWO_LETTERS.fullmatch(country) else None


def _address(name: str, cells: Mapping[str, str]) -> PostalAddress:
    """The address of a row. A cell of several lines is as many lines of the address."""
    written = [cells.get(one, "") for one in ("street", "line1", "line2")]
    lines = [line for cell in written for line in cell.splitlines() if line.strip()]
    street, line1, *others = (*lines, "", "")
    return PostalAddress(
        name=name,
        street=street,
        line1=line1,
        line2=" ".join(others).strip(),
        postcode=cells.get("postcode", ""),
        city=cells.get("city", ""),
        country=cells.get("country", ""),
    )
