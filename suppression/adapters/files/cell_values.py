"""Identifiers of one kind from the cells of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from suppression.domain.errors import InvalidValueError
from suppression.domain.identifiers.match_keys import Digest, PostalAddress, Value
from suppression.domain.identifiers.phone.locations import country_of_code
from suppression.domain.identifiers.postal.countries import country_code
from suppression.domain.vocabulary import Kind

IDENTIFIER_COLUMN = {Kind.EMAIL: "email", Kind.PHONE: "phone", Kind.POSTAL: "street"}
DIGESTS = ("sha256", "md5", "sha1")
_POSTAL = (
    *("name", "first_name", "last_name", "street", "line1", "line2"),
    *("postcode", "city", "country"),
)

Picker = Callable[[Sequence[str]], Value]


def columns_of(kind: Kind) -> tuple[str, ...]:
    """Return our names for the columns of this kind of identifier, its digests and their scheme."""
    names = _POSTAL if kind is Kind.POSTAL else (IDENTIFIER_COLUMN[kind],)
    return (*names, *DIGESTS, "scheme")


def picker(columns: Sequence[str], kind: Kind, *, scheme: str) -> Picker:
    """Return a function that returns the identifier in a row's cells: plain text, or a digest.

    `columns`: our name for each cell, or ''. If a row has no plain text, its digest is taken from
    the sha256 column; from md5 if that cell is blank or absent, then from sha1. The digest's scheme
    is the row's `scheme` cell, or the parameter if that is empty; for md5 and sha1, a scheme
    without `:` gets `:md5` or `:sha1` appended. Raise InvalidValueError if the file has no column
    for the plain text of this kind and none for a digest.
    """
    column_indexes = {name: index for index, name in enumerate(columns) if name}
    digests = [(name, column_indexes[name]) for name in DIGESTS if name in column_indexes]
    plain_picker = _plain_picker(column_indexes, kind)
    if plain_picker and not digests:
        return plain_picker
    if not digests:
        raise InvalidValueError(
            f"The file has no column of this kind ({kind}): name the column that holds it."
        )
    scheme_index = column_indexes.get("scheme")

    def hashed(cells: Sequence[str]) -> Value:
        text = plain_picker(cells) if plain_picker else ""
        if text not in {"", PostalAddress()}:
            return text
        digest, index = next((at for at in digests if cells[at[1]].strip()), digests[0])
        scheme_text = (cells[scheme_index].strip() if scheme_index is not None else "") or scheme
        full_scheme = (
            scheme_text if digest == "sha256" or ":" in scheme_text else f"{scheme_text}:{digest}"
        )
        return Digest(text=cells[index], scheme=full_scheme)

    return hashed


def country_of(cell: str) -> str | None:
    """Return the ISO code of the country in a cell, given as code, name or calling code, else None.

    >>> country_of("Belgique"), country_of("fr"), country_of("+32"), country_of("Nowhere")
    ('BE', 'FR', 'BE', None)
    """
    text = cell.strip()
    return country_code(text).upper() or country_of_code(text) or None


def address_of(cells: Mapping[str, str]) -> PostalAddress:
    """Return the postal address of a row, from its cells by our column names.

    The name is the cell `name`, else first and last name. The lines of text in the cells `street`,
    `line1` and `line2`, without blank ones, fill the three fields of these names in order; `line2`
    takes all further lines.
    """
    names = (cells.get("first_name", ""), cells.get("last_name", ""))
    cell_texts = [cells.get(name, "") for name in ("street", "line1", "line2")]
    lines = [line for cell in cell_texts for line in cell.splitlines() if line.strip()]
    street, line1, *others = (*lines, "", "")
    return PostalAddress(
        name=cells.get("name") or " ".join(names).strip(),
        street=street,
        line1=line1,
        line2=" ".join(others).strip(),
        postcode=cells.get("postcode", ""),
        city=cells.get("city", ""),
        country=cells.get("country", ""),
    )


def _plain_picker(column_indexes: Mapping[str, int], kind: Kind) -> Picker | None:
    if kind is not Kind.POSTAL:
        index = column_indexes.get(IDENTIFIER_COLUMN[kind])
        return None if index is None else lambda cells: cells[index].strip()
    if "street" not in column_indexes and "line1" not in column_indexes:
        return None
    postal_indexes = [(name, column_indexes[name]) for name in _POSTAL if name in column_indexes]
    return lambda cells: address_of({name: cells[index].strip() for name, index in postal_indexes})
