"""Countries and postcodes: which country an address lies in, and its postcode in one spelling."""

from __future__ import annotations

import re

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.postal.folding import fold, words
from suppression.domain.identifiers.postal.tables import COUNTRY_ROWS, WORD_SETS

# Postcodes 97xxx and 98xxx are France's own system: whoever writes RE and whoever writes FR mean
# the same door. Monaco (98000) is in it too.
_FRENCH_POST = WORD_SETS["french_post"]
_DIGITS = {row["code"]: int(row["postcode_digits"] or 0) for row in COUNTRY_ROWS}
_PREFIX = re.compile(r"^([A-Za-z]{1,2})[- ]+(?=\d)")
_PREFIXES = {"f": "fr", "b": "be", "l": "lu", "d": "de", "e": "es", "i": "it", "a": "at"}
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_DISTRICT = re.compile(r"(?<!\d)0?(\d{1,2})(?!\d)")
# Paris, Lyons and Marseilles number their districts, and a district is a postcode.
_DISTRICTS = {"paris": (75000, 20), "lyon": (69000, 9), "marseille": (13000, 16)}
_FRENCH_DIGITS = 5


def _codes() -> dict[str, str]:
    """Every way of naming a country, folded, to its code."""
    table: dict[str, str] = {}
    for row in COUNTRY_ROWS:
        names = [row["code"], row["alpha3"], *row["names"].split("/")]
        table |= {" ".join(words(fold(name).lower())): row["code"] for name in names}
    return table


_CODES = _codes()
_ISO_CODE = re.compile(r"[A-Za-z]{2}")


def country_code(text: str) -> str:
    """The ISO code, lower case, of a country by code or by name; '' when we do not know it.

    >>> country_code("Österreich"), country_code("FRA"), country_code("Suisse"), country_code("JM")
    ('at', 'fr', 'ch', 'jm')
    """
    code = text.lower()
    if code in _DIGITS:
        return code
    code = _CODES.get(" ".join(words(fold(text).lower())), "")
    return code or (text.lower() if _ISO_CODE.fullmatch(text) else "")


def country_of(country: str, region: str, postcode: str) -> str:
    """The country of an address: as said, else by its postcode's prefix, else the region."""
    if country.strip():
        code = country_code(country.strip())
        if not code:
            raise IdentifierParseError(
                "malformed", "Send `country` as an ISO 3166-1 code, like FR."
            )
    else:
        code = region.lower() if postcode.isdigit() else _by_prefix(postcode) or region.lower()
    return "fr" if code in _FRENCH_POST else code


def _by_prefix(postcode: str) -> str:
    """The country of a prefix as in `CH-1204`.

    >>> _by_prefix("CH-1204"), _by_prefix("D 10115"), _by_prefix("75011")
    ('ch', 'de', '')
    """
    prefix = _PREFIX.match(postcode)
    if not prefix:
        return ""
    letters = prefix[1].lower()
    return _PREFIXES.get(letters) or (letters if _DIGITS.get(letters) else "")


def canonical_postcode(land: str, postcode: str, city: str) -> str:
    """The postcode in one spelling; where a country has none, the city stands in its place.

    >>> canonical_postcode("fr", "F-75 116", ""), canonical_postcode("fr", "1000", "Bourg")
    ('75016', '01000')
    >>> canonical_postcode("fr", "75000", "Paris 11ème"), canonical_postcode("gb", "sw1a 1aa", "")
    ('75011', 'sw1a1aa')
    """
    size = _DIGITS.get(land, 0)
    if len(postcode) == size and postcode.isascii() and postcode.isdigit():
        return _french(postcode, city) if land == "fr" else postcode
    code = _NOT_ALPHANUMERIC.sub("", fold(_PREFIX.sub("", postcode.strip()))).lower()
    if not size:
        return code or _instead(city)
    code = code.removeprefix(land)
    if land == "fr" and not code:
        code = _district_postcode(city)
    # A spreadsheet drops the leading zero of 01000.
    code = code.zfill(size) if len(code) == size - 1 and size == _FRENCH_DIGITS else code
    if len(code) != size or not (code.isascii() and code.isdigit()):
        raise IdentifierParseError("malformed", f"Send a `postcode` of {size} digits.")
    return _french(code, city) if land == "fr" else code


def _instead(city: str) -> str:
    name = "".join(words(fold(city).lower()))
    if not name:
        raise IdentifierParseError("malformed", "Send a `postcode`, or a `city` without one.")
    return name


def _french(code: str, city: str) -> str:
    """One postcode per district: 75116 is the 16th, and `75000 Paris 11` the 11th."""
    if code.startswith("751"):
        return "750" + code[3:]
    if code.endswith("000") and code in {"75000", "69000", "13000"}:
        return _district_postcode(city) or code
    return code


def _district_postcode(city: str) -> str:
    """The postcode of a numbered district, '' when the city names none.

    >>> _district_postcode("LYON 3EME"), _district_postcode("Marseille 08"), _district_postcode("x")
    ('69003', '13008', '')
    """
    name = fold(city).lower()
    base, last = _DISTRICTS.get(next(iter(words(name)), ""), (0, 0))
    found = _DISTRICT.search(name)
    number = int(found[1]) if found else 0
    return str(base + number) if 0 < number <= last else ""
