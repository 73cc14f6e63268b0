"""From the cells of a row to the identifier that it holds, of one kind."""

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
    """The names of the columns that an identifier of this kind may stand in."""
    plain = _POSTAL if kind is Kind.POSTAL else (IDENTIFIER_COLUMN[kind],)
    return (*plain, *DIGESTS, "scheme")


def picker(columns: Sequence[str], kind: Kind, *, scheme: str) -> Picker:
    """What takes the identifier out of a row's cells; InvalidValueError if no column holds one.

    A digest stands in where the text is not: of `scheme`, unless the row names another.
    """
    found = {name: place for place, name in enumerate(columns) if name}
    digest = next((name for name in DIGESTS if name in found), "")
    plain = _plain_picker(found, kind)
    if plain and not digest:
        return plain
    if not digest:
        raise InvalidValueError(
            f"The file has no column of this kind ({kind}): name the column that holds it."
        )
    at, scheme_at = found[digest], found.get("scheme")

    def hashed(cells: Sequence[str]) -> Value:
        text = plain(cells) if plain else ""
        if text not in {"", PostalAddress()}:
            return text
        spelling = (cells[scheme_at].strip() if scheme_at is not None else "") or scheme
        named = spelling if digest == "sha256" or ":" in spelling else f"{spelling}:{digest}"
        return Digest(text=cells[at], scheme=named)

    return hashed


def country_of(cell: str) -> str | None:
    """The country that a cell writes, by code, name or calling code; None for none that we know.

    >>> country_of("Belgique"), country_of("fr"), country_of("+32"), country_of("Nowhere")
    ('BE', 'FR', 'BE', None)
    """
    text = cell.strip()
    return country_code(text).upper() or country_of_code(text) or None


def address_of(cells: Mapping[str, str]) -> PostalAddress:
    """The address of a row. A cell of several lines is as many lines of the address."""
    names = (cells.get("first_name", ""), cells.get("last_name", ""))
    written = [cells.get(one, "") for one in ("street", "line1", "line2")]
    lines = [line for cell in written for line in cell.splitlines() if line.strip()]
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


def _plain_picker(found: Mapping[str, int], kind: Kind) -> Picker | None:
    if kind is not Kind.POSTAL:
        place = found.get(IDENTIFIER_COLUMN[kind])
        return None if place is None else lambda cells: cells[place].strip()
    if "street" not in found and "line1" not in found:
        return None
    places = [(name, found[name]) for name in _POSTAL if name in found]
    return lambda cells: address_of({name: cells[place].strip() for name, place in places})
